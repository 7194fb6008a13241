package io.embedlake.local.training;

import io.embedlake.reduce.Processors;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Products of matrices in plain Java. Each number of a result is a sum in one order, whatever the processor and however many of them
 * work on it: the same matrices have the same product everywhere. Stateless.
 *
 * <p>The inner loop has the form that the JVM's compiler (C2 of JDK 17) makes fused vector instructions of: arrays indexed by the plain
 * counter, and a small body.
 */
final class Products {
    /** Rows of a result that pass over the right matrix together. */
    private static final int AT_ONCE = 3;

    /** How many columns of such rows stay in the fastest cache. */
    private static final int TILE_COLUMNS = 1024;

    /** Below it, threads would cost more than they save. */
    private static final long WORTH_THREADS = 1 << 18;

    private Products() {}

    /**
     * The product of two matrices.
     *
     * @param left {@code [rows][middle]}
     * @param right {@code [middle or more][columns]}; further rows are left out
     * @return {@code [rows][columns]}
     */
    static float[][] of(float[][] left, float[][] right) {
        float[][] sums = new float[left.length][right[0].length];
        add(left, right, sums);
        return sums;
    }

    /** Adds the product of two matrices to {@code [rows][columns]}. */
    static void add(float[][] left, float[][] right, float[][] sums) {
        long work = (long) AT_ONCE * left[0].length * right[0].length;
        each(groups(left), work, group -> addGroup(left, right, sums, group * AT_ONCE, 0));
    }

    /** The products of all rows with each other, {@code [rows][rows]}. */
    static float[][] ofPairs(float[][] rows) {
        float[][] turned = transposed(rows);
        float[][] sums = new float[rows.length][rows.length];
        long work = (long) AT_ONCE * rows[0].length * rows.length / 2;
        each(groups(rows), work, group -> addGroup(rows, turned, sums, group * AT_ONCE, group * AT_ONCE));
        for (int row = 0; row < rows.length; row++) {
            for (int column = 0; column < row; column++) {
                sums[row][column] = sums[column][row];
            }
        }
        return sums;
    }

    private static int groups(float[][] rows) {
        return (rows.length + AT_ONCE - 1) / AT_ONCE;
    }

    /** Does something for each of some rows, on as many threads as are worth it. */
    static void each(int rows, long workOfEach, IntConsumer row) {
        IntStream all = IntStream.range(0, rows);
        if (rows * workOfEach < WORTH_THREADS) {
            all.forEach(row);
        } else {
            Processors.run(() -> all.parallel().forEach(row));
        }
    }

    private static void addGroup(float[][] left, float[][] right, float[][] sums, int first, int begin) {
        int middle = left[0].length;
        int columns = right[0].length;
        float[][] of = new float[AT_ONCE][];
        float[][] into = new float[AT_ONCE][];
        for (int i = 0; i < AT_ONCE; i++) {
            boolean wanted = first + i < left.length;
            of[i] = left[wanted ? first + i : first];
            into[i] = wanted ? sums[first + i] : new float[columns];
        }
        for (int from = begin; from < columns; from += TILE_COLUMNS) {
            int to = Math.min(columns, from + TILE_COLUMNS);
            for (int k = 0; k + 1 < middle; k += 2) {
                addSix(into, of[0], of[1], of[2], k, right[k], right[k + 1], from, to);
            }
            if (middle % 2 == 1) {
                addThree(into, of[0], of[1], of[2], middle - 1, right[middle - 1], from, to);
            }
        }
    }

    private static void addSix(
            float[][] sums, float[] a, float[] b, float[] c, int k, float[] x, float[] y, int from, int to) {
        float a0 = a[k];
        float a1 = a[k + 1];
        float b0 = b[k];
        float b1 = b[k + 1];
        float c0 = c[k];
        float c1 = c[k + 1];
        float[] first = sums[0];
        float[] second = sums[1];
        float[] third = sums[2];
        for (int j = from; j < to; j++) {
            float xj = x[j];
            float yj = y[j];
            first[j] = Math.fma(a0, xj, Math.fma(a1, yj, first[j]));
            second[j] = Math.fma(b0, xj, Math.fma(b1, yj, second[j]));
            third[j] = Math.fma(c0, xj, Math.fma(c1, yj, third[j]));
        }
    }

    private static void addThree(float[][] sums, float[] a, float[] b, float[] c, int k, float[] x, int from, int to) {
        for (int j = from; j < to; j++) {
            sums[0][j] = Math.fma(a[k], x[j], sums[0][j]);
            sums[1][j] = Math.fma(b[k], x[j], sums[1][j]);
            sums[2][j] = Math.fma(c[k], x[j], sums[2][j]);
        }
    }

    /** {@code [columns][rows]} of {@code [rows][columns]}. */
    static float[][] transposed(float[][] matrix) {
        int rows = matrix.length;
        float[][] transposed = new float[matrix[0].length][rows];
        for (int row = 0; row < rows; row++) {
            float[] values = matrix[row];
            for (int column = 0; column < values.length; column++) {
                transposed[column][row] = values[column];
            }
        }
        return transposed;
    }

    /** Copies of some rows. */
    static float[][] copy(float[][] rows, int count) {
        return Arrays.stream(rows, 0, count).map(float[]::clone).toArray(float[][]::new);
    }
}
