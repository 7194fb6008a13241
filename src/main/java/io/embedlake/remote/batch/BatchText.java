package io.embedlake.remote.batch;

import java.util.Objects;

/**
 * A text under the name that its answer comes back with. Immutable; prints no text.
 *
 * @param id 1 to 64 letters, digits, dots, dashes and underscores, such as a hash of the text; another one for each text of a run
 * @param text what is embedded
 * @param tokens how many tokens it has, as counted locally
 * @param problem why it is not to be sent, for messages; empty if it may be sent
 */
public record BatchText(String id, String text, int tokens, String problem) {
    public BatchText {
        Objects.requireNonNull(text);
        Objects.requireNonNull(problem);
        if (!id.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException("an id has 1 to 64 letters, digits, dots, dashes and underscores");
        }
        if (tokens < 0) {
            throw new IllegalArgumentException("tokens are counted from 0: " + tokens);
        }
    }

    /** A text to send. */
    public BatchText(String id, String text, int tokens) {
        this(id, text, tokens, "");
    }

    /** What is remembered of it. */
    SentText sent() {
        return new SentText(id, tokens);
    }

    /** The parts of it that may be logged. */
    @Override
    public String toString() {
        return id + " (" + text.length() + " characters)";
    }
}
