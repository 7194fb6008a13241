package io.embedlake.remote.format;

/** Says how many bytes a call's body has, to the byte and without writing it. Immutable. */
public interface BodySize {
    /** What a text adds to a body, in bytes, quotation marks and escapes included. */
    long textBytes(String text);

    /**
     * The bytes of a body.
     *
     * @param texts how many texts, at least one
     * @param textBytes the sum of their {@link #textBytes}
     */
    long bodyBytes(int texts, long textBytes);
}
