package io.embedlake.reduce;

import java.util.Arrays;

/**
 * Sums of the outer products of rows: {@code P += XᵀX}, of which only the upper triangle is kept, row after row. Stateless.
 *
 * <p>The rows come in blocks and the columns in tiles, so that a piece of a row of {@code P} stays in the fastest cache while a block
 * passes over it. The inner loop adds four rows of {@code X} to two rows of {@code P} at once: as much as a processor's vector
 * registers take without spilling, in a form that the JVM compiles to fused vector instructions.
 */
final class SymmetricProducts {
    /** How many rows make a block; a multiple of {@link #AT_ONCE}. */
    static final int BLOCK_ROWS = 128;

    private static final int AT_ONCE = 4;
    private static final int TILE_COLUMNS = 256;

    private SymmetricProducts() {}

    /** How many numbers the upper triangle has. */
    static int triangle(int columns) {
        long numbers = (long) columns * (columns + 1) / 2;
        return Math.toIntExact(numbers);
    }

    /** Where element {@code (row, 0)} of the triangle would be, so that {@code (row, column)} is so many places further. */
    static int origin(int row, int columns) {
        return row * columns - row * (row + 1) / 2;
    }

    /**
     * Adds the products of some rows.
     *
     * @param block {@code [BLOCK_ROWS][columns]}; what stands behind the rows is overwritten with zeros
     * @param rows how many rows there are
     * @param triangle the sums, {@link #triangle}{@code (columns)} long
     */
    static void add(double[][] block, int rows, double[] triangle, int columns) {
        for (int row = rows; row < BLOCK_ROWS; row++) {
            Arrays.fill(block[row], 0);
        }
        int padded = (rows + AT_ONCE - 1) / AT_ONCE * AT_ONCE;
        for (int tile = 0; tile < columns; tile += TILE_COLUMNS) {
            int end = Math.min(columns, tile + TILE_COLUMNS);
            for (int i = 0; i < end; i += 2) {
                addPair(block, padded, triangle, columns, i, Math.max(i, tile), end);
            }
        }
    }

    /** Adds to the columns from here to there of the rows {@code i} and {@code i + 1} of the triangle. */
    private static void addPair(double[][] block, int rows, double[] sums, int columns, int i, int from, int end) {
        int first = origin(i, columns);
        int second = i + 1 < columns ? origin(i + 1, columns) : first;
        boolean isOdd = i + 1 == columns;
        // The second row of a pair begins a column later.
        int both = Math.max(from, Math.min(i + 1, end));
        for (int row = 0; row < rows; row += AT_ONCE) {
            double[] a = block[row];
            double[] b = block[row + 1];
            double[] c = block[row + 2];
            double[] d = block[row + 3];
            if (from == i) {
                sums[first + i] += a[i] * a[i] + b[i] * b[i] + c[i] * c[i] + d[i] * d[i];
            }
            if (!isOdd) {
                addFour(sums, first, second, i, both, end, a, b, c, d);
            }
        }
    }

    private static void addFour(
            double[] sums,
            int first,
            int second,
            int i,
            int from,
            int end,
            double[] a,
            double[] b,
            double[] c,
            double[] d) {
        double a0 = a[i];
        double b0 = b[i];
        double c0 = c[i];
        double d0 = d[i];
        double a1 = a[i + 1];
        double b1 = b[i + 1];
        double c1 = c[i + 1];
        double d1 = d[i + 1];
        for (int j = from; j < end; j++) {
            double aj = a[j];
            double bj = b[j];
            double cj = c[j];
            double dj = d[j];
            sums[first + j] = Math.fma(a0, aj, Math.fma(b0, bj, Math.fma(c0, cj, Math.fma(d0, dj, sums[first + j]))));
            sums[second + j] = Math.fma(a1, aj, Math.fma(b1, bj, Math.fma(c1, cj, Math.fma(d1, dj, sums[second + j]))));
        }
    }
}
