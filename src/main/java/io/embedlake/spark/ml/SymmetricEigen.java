package io.embedlake.spark.ml;

import dev.ludovic.netlib.lapack.LAPACK;
import io.embedlake.reduce.Processors;
import io.embedlake.reduce.pca.Tridiagonal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.netlib.util.intW;

/**
 * The eigenvalues of a symmetric matrix, and the eigenvectors of the largest ones, by LAPACK (Anderson et al., LAPACK Users' Guide,
 * 1999). Immutable by agreement.
 *
 * @param values all eigenvalues, the largest first
 * @param vectors {@code [wanted][size]}, orthonormal, that of the largest value first
 */
record SymmetricEigen(double[] values, double[][] vectors) {
    /** Below it all eigenvectors are computed in no time. */
    private static final int LARGE = 128;

    private static final LAPACK LIBRARY = LAPACK.getInstance();

    /**
     * Takes a matrix apart.
     *
     * @param triangle gives its upper triangle by rows, a new one each time; it is overwritten
     * @param wanted how many eigenvectors
     */
    static SymmetricEigen of(Supplier<double[]> triangle, int size, int wanted) {
        return (size < LARGE ? Optional.<SymmetricEigen>empty() : some(triangle.get(), size, wanted))
                .orElseGet(() -> all(triangle.get(), size, wanted));
    }

    /** The upper triangle of a symmetric matrix, row after row. */
    static double[] triangle(double[] matrix, int size) {
        double[] triangle = new double[size * (size + 1) / 2];
        int to = 0;
        for (int row = 0; row < size; row++) {
            System.arraycopy(matrix, row * size + row, triangle, to, size - row);
            to += size - row;
        }
        return triangle;
    }

    /** All eigenvectors, by {@code dsyev}: the plain way, which never fails for a matrix without broken values. */
    static SymmetricEigen all(double[] triangle, int size, int wanted) {
        double[] matrix = new double[Math.multiplyExact(size, size)];
        int from = 0;
        for (int row = 0; row < size; row++) {
            // LAPACK's lower triangle, column after column, is the upper one, row after row.
            System.arraycopy(triangle, from, matrix, row * size + row, size - row);
            from += size - row;
        }
        double[] ascending = new double[size];
        intW info = new intW(0);
        double[] workSize = new double[1];
        LIBRARY.dsyev("V", "L", size, matrix, size, ascending, workSize, -1, info);
        double[] work = new double[(int) workSize[0]];
        LIBRARY.dsyev("V", "L", size, matrix, size, ascending, work, work.length, info);
        if (info.val != 0) {
            throw new IllegalStateException("dsyev gave up with code " + info.val);
        }
        double[][] vectors = new double[wanted][];
        for (int i = 0; i < wanted; i++) {
            int column = (size - 1 - i) * size;
            vectors[i] = Arrays.copyOfRange(matrix, column, column + size);
        }
        return new SymmetricEigen(reversed(ascending), vectors);
    }

    /**
     * As many eigenvectors as are wanted, for a small part of the work: of the {@link Tridiagonal} matrix {@code dsterf} finds all
     * eigenvalues, {@code dstebz} and {@code dstein} the wanted ones with their vectors. Nothing when one of them gives up, as bisection
     * may where many eigenvalues are equal.
     */
    static Optional<SymmetricEigen> some(double[] triangle, int size, int wanted) {
        return Processors.use(() -> bisected(triangle, size, wanted));
    }

    private static Optional<SymmetricEigen> bisected(double[] triangle, int size, int wanted) {
        Tridiagonal tridiagonal = Tridiagonal.of(triangle, size);
        double[] diagonal = tridiagonal.diagonal();
        double[] beside = Arrays.copyOf(tridiagonal.beside(), Math.max(1, size - 1));
        intW info = new intW(0);
        double[] ascending = diagonal.clone();
        LIBRARY.dsterf(size, ascending, beside.clone(), info);
        if (info.val != 0) {
            return Optional.empty();
        }
        intW found = new intW(0);
        double[] values = new double[size];
        int[] blockOf = new int[size];
        int[] blockEnds = new int[size];
        LIBRARY.dstebz(
                "I",
                "B",
                size,
                0,
                0,
                size - wanted + 1,
                size,
                0,
                diagonal,
                beside,
                found,
                new intW(0),
                values,
                blockOf,
                blockEnds,
                new double[4 * size],
                new int[3 * size],
                info);
        if (info.val != 0 || found.val != wanted) {
            return Optional.empty();
        }
        double[] columns = new double[size * wanted];
        LIBRARY.dstein(
                size,
                diagonal,
                beside,
                wanted,
                values,
                blockOf,
                blockEnds,
                columns,
                size,
                new double[5 * size],
                new int[size],
                new int[wanted],
                info);
        if (info.val != 0) {
            return Optional.empty();
        }
        double[][] vectors = byValue(columns, values, size, wanted);
        tridiagonal.turnBack(vectors);
        return Optional.of(new SymmetricEigen(reversed(ascending), vectors));
    }

    private static double[] reversed(double[] ascending) {
        double[] descending = new double[ascending.length];
        for (int i = 0; i < descending.length; i++) {
            descending[i] = ascending[ascending.length - 1 - i];
        }
        return descending;
    }

    /** The columns as rows, that of the largest value first: {@code dstebz} orders them by block of the tridiagonal matrix. */
    private static double[][] byValue(double[] columns, double[] values, int size, int wanted) {
        return IntStream.range(0, wanted)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> values[i]).reversed())
                .map(i -> Arrays.copyOfRange(columns, i * size, (i + 1) * size))
                .toArray(double[][]::new);
    }
}
