package io.embedlake.reduce.quantize;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A codebook for each dimension: its value becomes the number of the nearest level, in as many bits as the dimension has; the bits of all
 * dimensions follow each other, the lowest first, from the lowest bit of the first byte. Immutable and thread-safe.
 *
 * <p>With one bit a dimension, quantized vectors can be compared by Hamming distance.
 */
public final class Codebooks implements Quantizer {
    private static final long serialVersionUID = 1L;
    private static final int MOST_BITS = 8;

    private final int[] bits;
    private final float[][] levels;
    private final float[][] bounds;
    private final int bytes;

    /**
     * Copies its arguments.
     *
     * @param bits {@code [dimensions]}, each from 0 to 8
     * @param levels {@code [dimensions][2^bits]}, ascending and finite: what the stored numbers stand for
     */
    public Codebooks(int[] bits, float[][] levels) {
        Quantizer.requireLength(levels.length, bits.length, "codebooks");
        this.bits = bits.clone();
        this.levels = new float[levels.length][];
        this.bounds = new float[levels.length][];
        for (int i = 0; i < bits.length; i++) {
            if (bits[i] < 0 || bits[i] > MOST_BITS) {
                throw new IllegalArgumentException("a code has between 0 and 8 bits: " + bits[i]);
            }
            Quantizer.requireLength(levels[i].length, 1 << bits[i], "levels");
            this.levels[i] = levels[i].clone();
            this.bounds[i] = bounds(levels[i]);
        }
        this.bytes = (Arrays.stream(bits).sum() + 7) / 8;
    }

    /** One bit a dimension: below or above the middle of what the sample has below and above its mean. */
    public static Codebooks binary(float[][] sample) {
        int[] bits = new int[sample[0].length];
        Arrays.fill(bits, 1);
        return fit(sample, bits);
    }

    /** As many bits as the bytes have, spread over the dimensions by their variance in the sample. */
    public static Codebooks packed(float[][] sample, int bytes) {
        return fit(sample, BitBudget.spread(variances(sample), 8 * bytes));
    }

    private static Codebooks fit(float[][] sample, int[] bits) {
        float[][] levels = IntStream.range(0, bits.length)
                .parallel()
                .mapToObj(i -> ScalarLevels.fit(column(sample, i), 1 << bits[i]))
                .toArray(float[][]::new);
        return new Codebooks(bits, levels);
    }

    private static float[] column(float[][] sample, int dimension) {
        float[] column = new float[sample.length];
        for (int row = 0; row < column.length; row++) {
            column[row] = sample[row][dimension];
        }
        return column;
    }

    private static double[] variances(float[][] sample) {
        double[] mean = new double[sample[0].length];
        double[] squares = new double[mean.length];
        for (int row = 0; row < sample.length; row++) {
            Quantizer.requireLength(sample[row].length, mean.length, "values");
            for (int i = 0; i < mean.length; i++) {
                double distance = sample[row][i] - mean[i];
                mean[i] += distance / (row + 1);
                squares[i] += distance * (sample[row][i] - mean[i]);
            }
        }
        return Arrays.stream(squares).map(sum -> sum / sample.length).toArray();
    }

    private static float[] bounds(float[] levels) {
        float[] bounds = new float[levels.length - 1];
        for (int i = 0; i < bounds.length; i++) {
            if (!(levels[i] <= levels[i + 1])) {
                throw new IllegalArgumentException("levels ascend: " + levels[i] + ", " + levels[i + 1]);
            }
            bounds[i] = (levels[i] + levels[i + 1]) / 2;
        }
        return bounds;
    }

    /** {@code [dimensions]}, a copy. */
    public int[] bits() {
        return bits.clone();
    }

    /** {@code [dimensions][2^bits]}, a copy. */
    public float[][] levels() {
        return Arrays.stream(levels).map(float[]::clone).toArray(float[][]::new);
    }

    @Override
    public int bytes() {
        return bytes;
    }

    @Override
    public byte[] encode(float[] vector) {
        Quantizer.requireLength(vector.length, bits.length, "values");
        byte[] codes = new byte[bytes];
        int at = 0;
        for (int i = 0; i < bits.length; i++) {
            int code = code(bounds[i], vector[i]);
            // A number spans two bytes at most.
            int shifted = code << (at & 7);
            if (bits[i] > 0) {
                codes[at >> 3] |= (byte) shifted;
            }
            if (shifted > 0xFF) {
                codes[(at >> 3) + 1] |= (byte) (shifted >> 8);
            }
            at += bits[i];
        }
        return codes;
    }

    /** How many bounds a value reaches; with a value on a bound the upper level wins. */
    private static int code(float[] bounds, float value) {
        int low = 0;
        int high = bounds.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (value >= bounds[middle]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public float[] decode(byte[] codes) {
        Quantizer.requireLength(codes.length, bytes, "codes");
        float[] vector = new float[bits.length];
        int at = 0;
        for (int i = 0; i < vector.length; i++) {
            int byteAt = at >> 3;
            int two = bits[i] == 0 ? 0 : codes[byteAt] & 0xFF;
            if (byteAt + 1 < codes.length) {
                two |= (codes[byteAt + 1] & 0xFF) << 8;
            }
            vector[i] = levels[i][two >> (at & 7) & (1 << bits[i]) - 1];
            at += bits[i];
        }
        return vector;
    }
}
