package io.embedlake.spi;

/** Says how long a text is for a platform, without loading the platform's model. Confined to one thread. */
public interface TokenCounter extends AutoCloseable {
    /** The text as the platform would see it, cut to the platform's limit. */
    EncodedText encode(String text);

    @Override
    void close();
}
