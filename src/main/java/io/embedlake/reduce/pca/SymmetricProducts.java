package io.embedlake.reduce.pca;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Sums of outer products: {@code P += LᵀR}, of which only the upper triangle is kept, row after row. Stateless.
 *
 * <p>The columns come in tiles, so that a block of three rows of {@code P} stays in the fastest cache while a tile of {@code R} passes over
 * it. The inner loop is written for the JVM's compiler (C2 of JDK 17). It makes vector instructions of a loop only when all arrays are
 * indexed by the plain counter and the body is small: blocks are therefore copied into separate arrays, and a body has six products.
 */
final class SymmetricProducts {
    /** How many columns make a tile: not a page's size of them, which would make arrays evict each other. */
    private static final int TILE_COLUMNS = 384;

    private static final int AT_ONCE = 3;

    private SymmetricProducts() {}

    /** How many numbers the upper triangle has. */
    static int triangle(int columns) {
        long numbers = (long) columns * (columns + 1) / 2;
        return Math.toIntExact(numbers);
    }

    /** Where element {@code (row, 0)} of the triangle would be, so that {@code (row, column)} is that many places further. */
    static int origin(int row, int columns) {
        return row * columns - row * (row + 1) / 2;
    }

    /** The tiles that have columns from {@code first} on. Threads may add to different ones. */
    static IntStream tiles(int first, int columns) {
        return IntStream.range(first / TILE_COLUMNS, (columns + TILE_COLUMNS - 1) / TILE_COLUMNS);
    }

    /**
     * Adds to a tile.
     *
     * @param left {@code [rows or more][columns]}
     * @param right {@code [rows or more][columns]}
     * @param triangle the sums, {@link #triangle}{@code (columns)} long
     * @param first the row of the triangle to begin with
     */
    static void add(double[][] left, double[][] right, int rows, double[] triangle, int columns, int first, int tile) {
        int begin = tile * TILE_COLUMNS;
        int width = Math.min(TILE_COLUMNS, columns - begin);
        double[][] pieces = new double[rows][];
        for (int row = 0; row < rows; row++) {
            pieces[row] = width == columns ? right[row] : Arrays.copyOfRange(right[row], begin, begin + width);
        }
        double[] zeros = new double[columns];
        double[][] sums = new double[AT_ONCE][width];
        int end = begin + width;
        for (int i = first; i < end; i += AT_ONCE) {
            int lines = Math.min(i + AT_ONCE, end);
            for (int line = i; line < lines; line++) {
                int start = Math.max(begin, line);
                System.arraycopy(triangle, origin(line, columns) + start, sums[line - i], start - begin, end - start);
            }
            int from = Math.max(0, i - begin);
            for (int row = 0; row + 1 < rows; row += 2) {
                addSix(sums, left[row], left[row + 1], i, pieces[row], pieces[row + 1], from, width);
            }
            if (rows % 2 == 1) {
                addSix(sums, left[rows - 1], zeros, i, pieces[rows - 1], pieces[rows - 1], from, width);
            }
            for (int line = i; line < lines; line++) {
                int start = Math.max(begin, line);
                System.arraycopy(sums[line - i], start - begin, triangle, origin(line, columns) + start, end - start);
            }
        }
    }

    /** Adds two rows' products with three of their columns. What lies left of the diagonal is garbage that is never read. */
    private static void addSix(
            double[][] sums, double[] a, double[] b, int i, double[] x, double[] y, int from, int to) {
        double a0 = a[i];
        double b0 = b[i];
        double a1 = i + 1 < a.length ? a[i + 1] : 0;
        double b1 = i + 1 < b.length ? b[i + 1] : 0;
        double a2 = i + 2 < a.length ? a[i + 2] : 0;
        double b2 = i + 2 < b.length ? b[i + 2] : 0;
        double[] first = sums[0];
        double[] second = sums[1];
        double[] third = sums[2];
        for (int j = from; j < to; j++) {
            double xj = x[j];
            double yj = y[j];
            first[j] = Math.fma(a0, xj, Math.fma(b0, yj, first[j]));
            second[j] = Math.fma(a1, xj, Math.fma(b1, yj, second[j]));
            third[j] = Math.fma(a2, xj, Math.fma(b2, yj, third[j]));
        }
    }
}
