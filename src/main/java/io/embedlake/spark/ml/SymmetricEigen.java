package io.embedlake.spark.ml;

import dev.ludovic.netlib.lapack.LAPACK;
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

    private static final int BLOCK = 64;
    private static final LAPACK LIBRARY = LAPACK.getInstance();

    /**
     * Takes a matrix apart.
     *
     * @param matrix gives {@code [size * size]}, symmetric, anew each time; it is overwritten
     * @param wanted how many eigenvectors
     */
    static SymmetricEigen of(Supplier<double[]> matrix, int size, int wanted) {
        return (size < LARGE ? Optional.<SymmetricEigen>empty() : some(matrix.get(), size, wanted))
                .orElseGet(() -> all(matrix.get(), size, wanted));
    }

    /** All eigenvectors, by {@code dsyev}: the plain way, which never fails for a matrix without broken values. */
    static SymmetricEigen all(double[] matrix, int size, int wanted) {
        double[] ascending = new double[size];
        intW info = new intW(0);
        double[] workSize = new double[1];
        LIBRARY.dsyev("V", "U", size, matrix, size, ascending, workSize, -1, info);
        double[] work = new double[(int) workSize[0]];
        LIBRARY.dsyev("V", "U", size, matrix, size, ascending, work, work.length, info);
        if (info.val != 0) {
            throw new IllegalStateException("dsyev gave up with code " + info.val);
        }
        double[][] vectors = new double[wanted][];
        for (int i = 0; i < wanted; i++) {
            int from = (size - 1 - i) * size;
            vectors[i] = Arrays.copyOfRange(matrix, from, from + size);
        }
        return new SymmetricEigen(reversed(ascending), vectors);
    }

    /**
     * As many eigenvectors as are wanted, for a fourth of the work: {@code dsytrd} makes the matrix tridiagonal, {@code dsterf} finds all
     * eigenvalues, {@code dstebz} and {@code dstein} the wanted ones with their vectors, which {@code dormtr} turns back. Nothing when one
     * of them gives up, as bisection may where many eigenvalues are equal.
     */
    static Optional<SymmetricEigen> some(double[] matrix, int size, int wanted) {
        double[] diagonal = new double[size];
        double[] beside = new double[Math.max(1, size - 1)];
        double[] reflections = new double[Math.max(1, size - 1)];
        intW info = new intW(0);
        double[] work = new double[Math.max(size, wanted) * BLOCK];
        LIBRARY.dsytrd("U", size, matrix, size, diagonal, beside, reflections, work, work.length, info);
        if (info.val != 0) {
            return Optional.empty();
        }
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
        LIBRARY.dormtr("L", "U", "N", size, wanted, matrix, size, reflections, columns, size, work, work.length, info);
        return info.val == 0
                ? Optional.of(new SymmetricEigen(reversed(ascending), byValue(columns, values, size, wanted)))
                : Optional.empty();
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
