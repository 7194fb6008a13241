package io.embedlake.lexical.tabular;

import io.embedlake.reduce.SealedBytes;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A column of arrays of one length, such as pixels or measurements: each number in deviations from the mean of its place. The
 * deviation is that of all places together, because the numbers of an array share a unit: a place that hardly varies hardly counts.
 * What is missing is the mean. Immutable and thread-safe.
 */
final class ArrayColumn implements ColumnFeatures {
    static final byte KIND = 3;

    private final String name;
    private final float[] means;
    private final double deviation;

    private ArrayColumn(String name, float[] means, double deviation) {
        if (means.length == 0 || !Double.isFinite(deviation) || deviation < 0) {
            throw new IllegalArgumentException(
                    means.length + " numbers with the deviation " + deviation + " in " + JsonRow.named(name));
        }
        this.name = name;
        this.means = means;
        this.deviation = deviation;
    }

    /** The column of these arrays of one length, at least one. */
    static ArrayColumn of(String name, List<double[]> arrays) {
        int length = arrays.get(0).length;
        float[] means = new float[length];
        double squares = 0;
        long numbers = 0;
        for (int place = 0; place < length; place++) {
            double sum = 0;
            int there = 0;
            for (double[] array : arrays) {
                if (!Double.isNaN(array[place])) {
                    sum += array[place];
                    there++;
                }
            }
            double mean = there == 0 ? 0 : sum / there;
            means[place] = (float) mean;
            for (double[] array : arrays) {
                if (!Double.isNaN(array[place])) {
                    squares += (array[place] - mean) * (array[place] - mean);
                }
            }
            numbers += there;
        }
        return new ArrayColumn(name, means, numbers == 0 ? 0 : Math.sqrt(squares / numbers));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int width() {
        return means.length;
    }

    @Override
    public void missing(float[] features, int at) {
        // Zeros: the means.
    }

    @Override
    public void write(Cell cell, float[] features, int at) {
        if (!(cell instanceof Cell.Numbers numbers) || numbers.values().length != means.length) {
            throw ColumnFeatures.refuse(name, cell, "arrays of " + means.length);
        }
        double[] values = numbers.values();
        for (int place = 0; place < means.length; place++) {
            if (!Double.isNaN(values[place])) {
                features[at + place] = ColumnFeatures.standardize(values[place], means[place], deviation);
            }
        }
    }

    @Override
    public byte[] toBytes() {
        byte[] text = ColumnFeatures.utf8(name);
        ByteBuffer to =
                SealedBytes.buffer(1 + 2 * Integer.BYTES + text.length + means.length * Float.BYTES + Double.BYTES);
        to.put(KIND);
        SealedBytes.putBytes(text, to);
        to.putInt(means.length);
        SealedBytes.putFloats(means, to);
        return to.putDouble(deviation).array();
    }

    static ArrayColumn read(String name, ByteBuffer from) {
        float[] means = SealedBytes.floats(SealedBytes.count(from, Float.BYTES), from);
        return new ArrayColumn(name, means, from.getDouble());
    }
}
