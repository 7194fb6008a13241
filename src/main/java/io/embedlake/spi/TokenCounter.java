package io.embedlake.spi;

/**
 * Brings inputs into the form that a platform works on, which has their tokens; that alone needs no model. Confined to one thread; closed by
 * its creator.
 */
public interface TokenCounter extends AutoCloseable {
    /** The input as the platform would see it, cut to the platform's limit. */
    EncodedInput encode(Input input);

    /** The text as the platform would see it. */
    default EncodedInput encode(String text) {
        return encode(Input.of(text));
    }

    /** By default there is nothing to close. */
    @Override
    default void close() {}
}
