package io.embedlake.reduce.pca;

import java.util.stream.IntStream;

/**
 * A symmetric matrix as {@code Q T Qᵀ}, where {@code T} has numbers on and beside its diagonal only and {@code Q} is a product of
 * Householder reflections (Dongarra, Sorensen and Hammarling, Block reduction of matrices to condensed forms, 1989; the method of LAPACK's
 * {@code dsytrd}). Uses all processors; the bits do not depend on their number. Immutable by convention, and thread-safe.
 *
 * <p>The entries must lie between 1e-150 and 1e150 or be zero, as covariances of floats do: lengths are taken without scaling.
 */
public final class Tridiagonal {
    /** How many reflections are gathered before the rest of the matrix is changed. */
    private static final int PANEL = 32;

    /** Parts of a product of the matrix with a vector: as many threads may compute it. */
    private static final int PARTS = 8;

    private static final int AT_ONCE = 4;

    private final int size;
    private final double[] diagonal;
    private final double[] beside;

    /** Row {@code i} holds, right of its diagonal, the vector of reflection {@code i}. */
    private final double[] triangle;

    private final double[] factors;

    private Tridiagonal(double[] triangle, int size) {
        this.size = size;
        this.triangle = triangle;
        this.diagonal = new double[size];
        this.beside = new double[Math.max(0, size - 1)];
        this.factors = new double[Math.max(0, size - 1)];
    }

    /**
     * Makes a matrix tridiagonal.
     *
     * @param triangle its upper triangle, row after row: {@code [size * (size + 1) / 2]}; overwritten, and kept
     */
    public static Tridiagonal of(double[] triangle, int size) {
        if (triangle.length != SymmetricProducts.triangle(size)) {
            throw new IllegalArgumentException(triangle.length + " numbers are no triangle of " + size + " rows");
        }
        Tridiagonal made = new Tridiagonal(triangle, size);
        for (int from = 0; from < size; from += PANEL) {
            made.reduce(from, Math.min(size, from + PANEL));
        }
        return made;
    }

    /** {@code [size]}: the numbers on the diagonal; not a copy. */
    public double[] diagonal() {
        return diagonal;
    }

    /** {@code [size - 1]}: the numbers beside it; not a copy. */
    public double[] beside() {
        return beside;
    }

    /**
     * Makes eigenvectors of {@code T} those of the matrix.
     *
     * @param vectors {@code [any][size]}; overwritten
     */
    public void turnBack(double[][] vectors) {
        IntStream.range(0, (vectors.length + AT_ONCE - 1) / AT_ONCE).parallel().forEach(group -> {
            double[][] four = new double[AT_ONCE][];
            for (int i = 0; i < AT_ONCE; i++) {
                int place = group * AT_ONCE + i;
                four[i] = place < vectors.length ? vectors[place] : new double[size];
            }
            for (int i = size - 2; i >= 0; i--) {
                reflect(i, four[0], four[1], four[2], four[3]);
            }
        });
    }

    private void reflect(int i, double[] a, double[] b, double[] c, double[] d) {
        int row = SymmetricProducts.origin(i, size);
        double ofA = 0;
        double ofB = 0;
        double ofC = 0;
        double ofD = 0;
        for (int j = i + 1; j < size; j++) {
            double value = triangle[row + j];
            ofA = Math.fma(value, a[j], ofA);
            ofB = Math.fma(value, b[j], ofB);
            ofC = Math.fma(value, c[j], ofC);
            ofD = Math.fma(value, d[j], ofD);
        }
        double factor = -factors[i];
        ofA *= factor;
        ofB *= factor;
        ofC *= factor;
        ofD *= factor;
        for (int j = i + 1; j < size; j++) {
            double value = triangle[row + j];
            a[j] = Math.fma(value, ofA, a[j]);
            b[j] = Math.fma(value, ofB, b[j]);
            c[j] = Math.fma(value, ofC, c[j]);
            d[j] = Math.fma(value, ofD, d[j]);
        }
    }

    /** Reflects the rows from here to there away, and then changes those that follow by {@code A -= VWᵀ + WVᵀ}. */
    private void reduce(int from, int to) {
        int rows = to - from;
        double[][] left = new double[2 * rows][];
        double[][] right = new double[2 * rows][];
        for (int i = from; i < to; i++) {
            int known = i - from;
            double[] row = row(i, left, right, known);
            diagonal[i] = row[i];
            if (i + 1 < size) {
                reflector(i, row);
                double[] product = product(i, row, left, right, known);
                left[2 * known] = row;
                left[2 * known + 1] = product;
                right[2 * known] = negated(product);
                right[2 * known + 1] = negated(row);
            }
        }
        if (to < size) {
            SymmetricProducts.tiles(to, size)
                    .parallel()
                    .forEach(tile -> SymmetricProducts.add(left, right, left.length, triangle, size, to, tile));
        }
    }

    /** A row of the matrix as the panel's reflections leave it. */
    private double[] row(int i, double[][] left, double[][] right, int known) {
        double[] row = new double[size];
        System.arraycopy(triangle, SymmetricProducts.origin(i, size) + i, row, i, size - i);
        for (int k = 0; k < known; k++) {
            addTwo(row, left[2 * k][i], right[2 * k], left[2 * k + 1][i], right[2 * k + 1], i);
        }
        return row;
    }

    /** Makes of a row the vector whose reflection leaves nothing of it but one number, beside the diagonal; keeps it. */
    private void reflector(int i, double[] row) {
        double rest = 0;
        for (int j = i + 2; j < size; j++) {
            rest = Math.fma(row[j], row[j], rest);
        }
        double first = row[i + 1];
        row[i] = 0;
        row[i + 1] = 1;
        if (rest == 0) {
            beside[i] = first;
        } else {
            double length = Math.copySign(Math.sqrt(Math.fma(first, first, rest)), -first);
            beside[i] = length;
            factors[i] = (length - first) / length;
            double scale = 1 / (first - length);
            for (int j = i + 2; j < size; j++) {
                row[j] *= scale;
            }
        }
        System.arraycopy(row, i + 1, triangle, SymmetricProducts.origin(i, size) + i + 1, size - i - 1);
    }

    /** The other half of the change that a reflection makes: {@code W} of {@code V}. */
    private double[] product(int i, double[] vector, double[][] left, double[][] right, int known) {
        double[] product = times(i + 1, vector);
        for (int k = 0; k < known; k++) {
            double first = 0;
            double second = 0;
            double[] a = right[2 * k];
            double[] b = right[2 * k + 1];
            for (int j = i + 1; j < size; j++) {
                first = Math.fma(a[j], vector[j], first);
                second = Math.fma(b[j], vector[j], second);
            }
            addTwo(product, first, left[2 * k], second, left[2 * k + 1], i + 1);
        }
        double dot = 0;
        for (int j = i + 1; j < size; j++) {
            product[j] *= factors[i];
            dot = Math.fma(product[j], vector[j], dot);
        }
        addTwo(product, -factors[i] * dot / 2, vector, 0, vector, i + 1);
        return product;
    }

    private static void addTwo(double[] sum, double a, double[] x, double b, double[] y, int from) {
        for (int j = from; j < sum.length; j++) {
            sum[j] = Math.fma(a, x[j], Math.fma(b, y[j], sum[j]));
        }
    }

    private static double[] negated(double[] vector) {
        double[] negated = new double[vector.length];
        for (int j = 0; j < negated.length; j++) {
            negated[j] = -vector[j];
        }
        return negated;
    }

    /** The product of the rows and columns from here on with a vector. */
    private double[] times(int first, double[] vector) {
        double[][] parts = new double[PARTS][];
        IntStream.range(0, PARTS)
                .parallel()
                .forEach(part -> parts[part] = times(bound(first, part), bound(first, part + 1), vector));
        double[] sum = parts[0];
        for (int part = 1; part < PARTS; part++) {
            double[] addend = parts[part];
            for (int j = first; j < size; j++) {
                sum[j] += addend[j];
            }
        }
        return sum;
    }

    /** Where a part begins when all have about as many numbers. */
    private int bound(int first, int part) {
        return size - (int) Math.round((size - first) * Math.sqrt(1 - (double) part / PARTS));
    }

    /** What some rows of the triangle, and the same columns below the diagonal, contribute to the product. */
    private double[] times(int from, int to, double[] vector) {
        double[] sum = new double[size];
        int i = from;
        for (; i + AT_ONCE <= to; i += AT_ONCE) {
            for (int row = i; row < i + AT_ONCE; row++) {
                addRow(row, i + AT_ONCE, vector, sum);
            }
            addFour(i, vector, sum);
        }
        for (; i < to; i++) {
            addRow(i, size, vector, sum);
        }
        return sum;
    }

    private void addRow(int i, int end, double[] vector, double[] sum) {
        int row = SymmetricProducts.origin(i, size);
        double dot = triangle[row + i] * vector[i];
        for (int j = i + 1; j < end; j++) {
            dot = Math.fma(triangle[row + j], vector[j], dot);
            sum[j] = Math.fma(triangle[row + j], vector[i], sum[j]);
        }
        sum[i] += dot;
    }

    /** Four rows at once, right of the square that they make with the diagonal: each number is read once and used twice. */
    private void addFour(int i, double[] vector, double[] sum) {
        int a = SymmetricProducts.origin(i, size);
        int b = SymmetricProducts.origin(i + 1, size);
        int c = SymmetricProducts.origin(i + 2, size);
        int d = SymmetricProducts.origin(i + 3, size);
        double va = vector[i];
        double vb = vector[i + 1];
        double vc = vector[i + 2];
        double vd = vector[i + 3];
        double ofA = 0;
        double ofB = 0;
        double ofC = 0;
        double ofD = 0;
        for (int j = i + AT_ONCE; j < size; j++) {
            double v = vector[j];
            double aj = triangle[a + j];
            double bj = triangle[b + j];
            double cj = triangle[c + j];
            double dj = triangle[d + j];
            ofA = Math.fma(aj, v, ofA);
            ofB = Math.fma(bj, v, ofB);
            ofC = Math.fma(cj, v, ofC);
            ofD = Math.fma(dj, v, ofD);
            sum[j] = Math.fma(aj, va, Math.fma(bj, vb, Math.fma(cj, vc, Math.fma(dj, vd, sum[j]))));
        }
        sum[i] += ofA;
        sum[i + 1] += ofB;
        sum[i + 2] += ofC;
        sum[i + 3] += ofD;
    }
}
