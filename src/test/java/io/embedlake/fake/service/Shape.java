package io.embedlake.fake.service;

/**
 * What vectors are brought to: so many values, and this length as arrows. Immutable.
 *
 * @param norm 1 where the provider normalises
 */
public record Shape(int dimension, double norm) {
    /** The length of vectors that a provider does not normalise. */
    private static final double LONG = 3;

    /** Vectors of length 1. */
    public static Shape unit(int dimension) {
        return new Shape(dimension, 1);
    }

    /** Vectors that nobody brought to length 1. */
    public static Shape raw(int dimension) {
        return new Shape(dimension, LONG);
    }

    /** The first values of longer vectors of length 1, which nobody brought to length 1 again. */
    public static Shape cut(int dimension, int from) {
        return new Shape(dimension, Math.sqrt((double) dimension / from));
    }
}
