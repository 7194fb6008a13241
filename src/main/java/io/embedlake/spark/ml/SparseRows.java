package io.embedlake.spark.ml;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A matrix of mostly zeros, row by row. Filled by one thread, then read by any number.
 *
 * <p>It keeps the columns and values of what is not zero, 8 bytes each.
 */
final class SparseRows {
    private static final int SLICE = 64;

    private final int columns;
    private int[] ends = new int[1024];
    private int[] indices = new int[1 << 14];
    private float[] values = new float[1 << 14];
    private int rows;

    SparseRows(int columns) {
        this.columns = columns;
    }

    /** Adds a row: the columns of its values, and these. */
    void add(int[] rowColumns, float[] rowValues) {
        int end = entries() + rowColumns.length;
        if (rows == ends.length) {
            ends = Arrays.copyOf(ends, 2 * rows);
        }
        if (end > indices.length) {
            int room = Math.max(end, 2 * indices.length);
            indices = Arrays.copyOf(indices, room);
            values = Arrays.copyOf(values, room);
        }
        System.arraycopy(rowColumns, 0, indices, entries(), rowColumns.length);
        System.arraycopy(rowValues, 0, values, entries(), rowValues.length);
        ends[rows++] = end;
    }

    int columns() {
        return columns;
    }

    /** How many values are kept. */
    int entries() {
        return rows == 0 ? 0 : ends[rows - 1];
    }

    /**
     * The product of the transposed matrix, the matrix, and another one: in one pass over the rows, by all processors, each with some of
     * the other's columns; so the sums have one order, however many there are.
     *
     * @param other {@code [columns, width]} in row-major order
     * @return of the same shape
     */
    double[] gramTimes(double[] other, int width) {
        double[] product = new double[other.length];
        IntStream.range(0, (width + SLICE - 1) / SLICE)
                .parallel()
                .forEach(slice -> addSlice(other, product, width, slice * SLICE, Math.min(width, (slice + 1) * SLICE)));
        return product;
    }

    private void addSlice(double[] other, double[] product, int width, int fromColumn, int toColumn) {
        int size = toColumn - fromColumn;
        double[] row = new double[size];
        for (int i = 0, from = 0; i < rows; from = ends[i++]) {
            Arrays.fill(row, 0);
            for (int at = from; at < ends[i]; at++) {
                int start = indices[at] * width + fromColumn;
                float value = values[at];
                for (int j = 0; j < size; j++) {
                    row[j] += value * other[start + j];
                }
            }
            for (int at = from; at < ends[i]; at++) {
                int start = indices[at] * width + fromColumn;
                float value = values[at];
                for (int j = 0; j < size; j++) {
                    product[start + j] += value * row[j];
                }
            }
        }
    }
}
