package io.embedlake.image;

/** Luminance and chrominance to red, green and blue in the integers of libjpeg, for images with a fourth component. */
final class Ycc {
    private static final int BITS = 16;
    private static final int HALF = 1 << (BITS - 1);
    private static final int[] RED_OF_CR = new int[256];
    private static final int[] BLUE_OF_CB = new int[256];
    private static final int[] GREEN_OF_CR = new int[256];
    private static final int[] GREEN_OF_CB = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            int x = i - 128;
            RED_OF_CR[i] = (fixed(1.40200) * x + HALF) >> BITS;
            BLUE_OF_CB[i] = (fixed(1.77200) * x + HALF) >> BITS;
            GREEN_OF_CR[i] = -fixed(0.71414) * x;
            GREEN_OF_CB[i] = -fixed(0.34414) * x + HALF;
        }
    }

    private Ycc() {}

    private static int fixed(double value) {
        return (int) (value * (1 << BITS) + 0.5);
    }

    /** Converts the first three of each four bytes in place. */
    static byte[] toRgb(byte[] samples) {
        for (int at = 0; at < samples.length; at += 4) {
            int y = samples[at] & 0xff;
            int cb = samples[at + 1] & 0xff;
            int cr = samples[at + 2] & 0xff;
            samples[at] = clamped(y + RED_OF_CR[cr]);
            samples[at + 1] = clamped(y + ((GREEN_OF_CB[cb] + GREEN_OF_CR[cr]) >> BITS));
            samples[at + 2] = clamped(y + BLUE_OF_CB[cb]);
        }
        return samples;
    }

    private static byte clamped(int value) {
        return (byte) Math.max(0, Math.min(255, value));
    }
}
