package io.embedlake.reduce.quantize;

/**
 * A signed byte for each value: the value in units of its dimension's scale, rounded, between -127 and 127. Values beyond the calibrated
 * range are clamped. Immutable and thread-safe.
 */
public final class ByteScales implements Quantizer {
    private static final long serialVersionUID = 1L;
    private static final int LARGEST = 127;

    private final float[] scales;

    /**
     * Copies its argument.
     *
     * @param scales {@code [dimensions]}: what the byte 1 stands for; 0 where all values are 0
     */
    public ByteScales(float[] scales) {
        for (float scale : scales) {
            if (!(scale >= 0 && Float.isFinite(scale))) {
                throw new IllegalArgumentException("a scale is finite and not negative: " + scale);
            }
        }
        this.scales = scales.clone();
    }

    /** Scales by which the largest value of each dimension just fits. */
    public static ByteScales fit(float[][] sample) {
        float[] scales = new float[sample[0].length];
        for (float[] vector : sample) {
            Quantizer.requireLength(vector.length, scales.length, "values");
            for (int i = 0; i < scales.length; i++) {
                scales[i] = Math.max(scales[i], Math.abs(vector[i]));
            }
        }
        for (int i = 0; i < scales.length; i++) {
            scales[i] /= LARGEST;
        }
        return new ByteScales(scales);
    }

    /** {@code [dimensions]}, a copy. */
    public float[] scales() {
        return scales.clone();
    }

    @Override
    public int bytes() {
        return scales.length;
    }

    @Override
    public byte[] encode(float[] vector) {
        Quantizer.requireLength(vector.length, scales.length, "values");
        byte[] codes = new byte[scales.length];
        for (int i = 0; i < codes.length; i++) {
            if (scales[i] > 0) {
                int code = Math.round(vector[i] / scales[i]);
                codes[i] = (byte) Math.max(-LARGEST, Math.min(LARGEST, code));
            }
        }
        return codes;
    }

    @Override
    public float[] decode(byte[] codes) {
        Quantizer.requireLength(codes.length, scales.length, "codes");
        float[] vector = new float[scales.length];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = codes[i] * scales[i];
        }
        return vector;
    }
}
