package io.embedlake.spi;

/**
 * Brings texts into the form that a platform works on, which has their tokens; that alone needs no model. Confined to one thread; closed by
 * its creator.
 */
public interface TokenCounter extends AutoCloseable {
    /** The text as the platform would see it, cut to the platform's limit. */
    EncodedText encode(String text);

    /** By default there is nothing to close. */
    @Override
    default void close() {}
}
