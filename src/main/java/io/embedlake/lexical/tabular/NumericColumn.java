package io.embedlake.lexical.tabular;

import io.embedlake.reduce.SealedBytes;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A column of numbers: the number in deviations from the mean; where the sample lacked some, also 1 when it is missing, beside the mean,
 * and else 0. Immutable and thread-safe.
 *
 * @param mean the mean of the sample's numbers
 * @param deviation their standard deviation; 0 when they are all alike, and then no number counts
 * @param tellsMissing whether there is a second feature
 */
record NumericColumn(String name, double mean, double deviation, boolean tellsMissing) implements ColumnFeatures {
    static final byte KIND = 1;

    NumericColumn {
        if (!Double.isFinite(mean) || !Double.isFinite(deviation) || deviation < 0) {
            throw new IllegalArgumentException("a mean and a deviation are numbers: " + mean + " and " + deviation);
        }
    }

    /** The column of these numbers, at least one. */
    static NumericColumn of(String name, List<Double> values, boolean tellsMissing) {
        double mean = 0;
        for (double value : values) {
            mean += value / values.size();
        }
        double variance = 0;
        for (double value : values) {
            variance += (value - mean) * (value - mean) / values.size();
        }
        return new NumericColumn(name, mean, Math.sqrt(variance), tellsMissing);
    }

    @Override
    public int width() {
        return tellsMissing ? 2 : 1;
    }

    @Override
    public void missing(float[] features, int at) {
        if (tellsMissing) {
            features[at + 1] = 1;
        }
    }

    @Override
    public void write(Cell cell, float[] features, int at) {
        if (cell instanceof Cell.Number number) {
            features[at] = ColumnFeatures.standardize(number.value(), mean, deviation);
        } else if (cell instanceof Cell.NoNumber) {
            missing(features, at);
        } else {
            throw ColumnFeatures.refuse(name, cell, "numbers");
        }
    }

    @Override
    public byte[] toBytes() {
        byte[] text = ColumnFeatures.utf8(name);
        ByteBuffer to = SealedBytes.buffer(2 + Integer.BYTES + text.length + 2 * Double.BYTES);
        to.put(KIND);
        SealedBytes.putBytes(text, to);
        return to.putDouble(mean)
                .putDouble(deviation)
                .put((byte) (tellsMissing ? 1 : 0))
                .array();
    }

    static NumericColumn read(String name, ByteBuffer from) {
        return new NumericColumn(name, from.getDouble(), from.getDouble(), from.get() != 0);
    }
}
