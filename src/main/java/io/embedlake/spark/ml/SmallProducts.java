package io.embedlake.spark.ml;

import java.util.stream.IntStream;

/**
 * Products of tall matrices, in row-major order, that are no wider than a few hundred. Stateless.
 *
 * <p>All processors work on them, each on blocks of rows; what comes out does not depend on how many there are.
 */
final class SmallProducts {
    private static final int BLOCK_ROWS = 2048;

    private SmallProducts() {}

    /** The transposed first matrix times the second, {@code [width, width]}, for a product that is symmetric. */
    static double[] transposedTimes(double[] first, double[] second, int rows, int width) {
        double[] product = new double[width * width];
        blocks(rows)
                .mapToObj(block -> ofBlock(first, second, block * BLOCK_ROWS, end(block, rows), width))
                .forEachOrdered(part -> {
                    for (int i = 0; i < product.length; i++) {
                        product[i] += part[i];
                    }
                });
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < i; j++) {
                product[i * width + j] = product[j * width + i];
            }
        }
        return product;
    }

    private static IntStream blocks(int rows) {
        return IntStream.range(0, (rows + BLOCK_ROWS - 1) / BLOCK_ROWS).parallel();
    }

    private static int end(int block, int rows) {
        return Math.min(rows, (block + 1) * BLOCK_ROWS);
    }

    /** The upper triangle for some rows: four at once, so that a sum is loaded and stored a quarter as often. */
    private static double[] ofBlock(double[] first, double[] second, int from, int to, int width) {
        double[] product = new double[width * width];
        int row = from;
        for (; row + 4 <= to; row += 4) {
            int a = row * width;
            int b = a + width;
            int c = b + width;
            int d = c + width;
            for (int i = 0; i < width; i++) {
                double ofA = first[a + i];
                double ofB = first[b + i];
                double ofC = first[c + i];
                double ofD = first[d + i];
                int into = i * width;
                for (int j = i; j < width; j++) {
                    product[into + j] +=
                            ofA * second[a + j] + ofB * second[b + j] + ofC * second[c + j] + ofD * second[d + j];
                }
            }
        }
        for (; row < to; row++) {
            int a = row * width;
            for (int i = 0; i < width; i++) {
                for (int j = i; j < width; j++) {
                    product[i * width + j] += first[a + i] * second[a + j];
                }
            }
        }
        return product;
    }

    /**
     * A matrix times vectors.
     *
     * @param matrix {@code [rows, width]}
     * @param vectors each {@code [width]}, at least as many as there are scales
     * @param scale what each is multiplied with
     * @return {@code [rows, scales]}
     */
    static double[] times(double[] matrix, int rows, int width, double[][] vectors, double[] scale) {
        int wanted = scale.length;
        int padded = (width + 3) / 4 * 4;
        double[] turn = new double[padded * wanted];
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < wanted; j++) {
                turn[i * wanted + j] = vectors[j][i] * scale[j];
            }
        }
        double[] product = new double[rows * wanted];
        blocks(rows).forEach(block -> {
            double[] row = new double[padded];
            for (int i = block * BLOCK_ROWS; i < end(block, rows); i++) {
                System.arraycopy(matrix, i * width, row, 0, width);
                addRow(row, turn, product, i * wanted, wanted);
            }
        });
        return product;
    }

    private static void addRow(double[] row, double[] turn, double[] product, int into, int wanted) {
        double[] sum = new double[wanted];
        for (int i = 0; i < row.length; i += 4) {
            int a = i * wanted;
            int b = a + wanted;
            int c = b + wanted;
            int d = c + wanted;
            double ofA = row[i];
            double ofB = row[i + 1];
            double ofC = row[i + 2];
            double ofD = row[i + 3];
            for (int j = 0; j < wanted; j++) {
                sum[j] += ofA * turn[a + j] + ofB * turn[b + j] + ofC * turn[c + j] + ofD * turn[d + j];
            }
        }
        System.arraycopy(sum, 0, product, into, wanted);
    }
}
