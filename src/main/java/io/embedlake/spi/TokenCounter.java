package io.embedlake.spi;

/** Counts a text's tokens for a platform, without loading the platform's model. Confined to one thread. */
public interface TokenCounter extends AutoCloseable {
    /** The text as the platform would see it, cut to the platform's limit. */
    EncodedText encode(String text);

    @Override
    void close();
}
