package io.embedlake.remote.pack;

/** Says how many tokens a text has for a provider, exactly or not. Thread-safe. */
public interface TextTokens {
    /** The tokens of a text, with what each text is charged beyond its own; at least as many as there are, as far as that can be said. */
    long count(String text);

    /**
     * Learns from a reply.
     *
     * @param counted the sum of what was counted for the texts of its call
     * @param charged what the server said the call was charged
     */
    void learn(long counted, long charged);
}
