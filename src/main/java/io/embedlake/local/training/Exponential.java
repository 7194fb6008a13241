package io.embedlake.local.training;

/**
 * {@code e} to some power in plain Java, so that it has the same bits on every processor, which {@code Math.exp} does not promise and
 * {@code StrictMath.exp} does in ten times the time. Stateless.
 */
final class Exponential {
    /** Below it, what comes out is as good as 0. */
    private static final float LEAST = -87;

    private static final float LOG2_OF_E = 1.442695f;
    /** The logarithm of 2, and what of it a float leaves. */
    private static final float LOG_OF_2 = 0.6931472f;

    private static final float LOG_OF_2_REST = (float) (0.69314718055994530942 - LOG_OF_2);
    /** Added and subtracted, it rounds to an integer. */
    private static final float ROUNDING = 1.5f * (1 << 23);

    private static final int BIAS = 127;
    private static final int MANTISSA_BITS = 23;

    private Exponential() {}

    /**
     * The power, by Taylor's series around the nearest power of 2; its relative error is below 3e-7.
     *
     * @param x at most 0; not a number gives not a number
     */
    static float of(float x) {
        if (x < LEAST) {
            return 0;
        }
        float twos = (x * LOG2_OF_E + ROUNDING) - ROUNDING;
        float rest = Math.fma(-twos, LOG_OF_2_REST, Math.fma(-twos, LOG_OF_2, x));
        float sum = Math.fma(rest, 1 / 5040f, 1 / 720f);
        sum = Math.fma(rest, sum, 1 / 120f);
        sum = Math.fma(rest, sum, 1 / 24f);
        sum = Math.fma(rest, sum, 1 / 6f);
        sum = Math.fma(rest, sum, 0.5f);
        sum = Math.fma(rest, sum, 1);
        sum = Math.fma(rest, sum, 1);
        return sum * Float.intBitsToFloat(((int) twos + BIAS) << MANTISSA_BITS);
    }
}
