package io.embedlake.spark.ml;

import static org.apache.spark.sql.functions.col;

import dev.ludovic.netlib.lapack.LAPACK;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.reduce.PcaReducer;
import java.util.Arrays;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.ml.functions;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.Vectors;
import org.apache.spark.mllib.linalg.distributed.RowMatrix;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.netlib.util.intW;

/**
 * Fits principal components: Spark MLlib sums up the covariance matrix, LAPACK's {@code dsyev} decomposes it. Stateless;
 * confined to the driver.
 *
 * <p>MLlib's own {@code PCA} takes the matrix apart with LAPACK's {@code dgesdd}, whose Java translation answers wrongly or
 * with NaN for some matrices of less than full rank: those of every sample with fewer vectors than dimensions.
 */
public final class PcaFitter {
    private static final String FEATURES = "features";

    private PcaFitter() {}

    /**
     * Fits a projection. The same rows give the same bits: the sample is read in one partition, in the order of
     * {@code orderBy}, and each component's largest value is made positive.
     *
     * @param sample more rows than {@code dimensions}, few enough for one task
     * @param vector the column with the vectors, {@code array<float>} of equal length
     * @param orderBy a column that differs in every row
     * @param dimensions the length of the short vectors
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the vectors do not differ
     */
    public static PcaReducer fit(Dataset<Row> sample, String vector, String orderBy, int dimensions) {
        Dataset<Row> features = sample.repartition(1)
                .sortWithinPartitions(orderBy)
                .select(functions.array_to_vector(col(vector)).as(FEATURES));
        JavaRDD<Vector> rows = features.toJavaRDD().map(new ToVector()).persist(StorageLevel.MEMORY_AND_DISK());
        try {
            RowMatrix matrix = new RowMatrix(rows.rdd());
            double[] mean = matrix.computeColumnSummaryStatistics().mean().toArray();
            return fit(matrix.computeCovariance().toArray(), mean, dimensions);
        } finally {
            rows.unpersist(false);
        }
    }

    /** A row's only column as the older of MLlib's two kinds of vector. Immutable; runs on executors. */
    private static final class ToVector implements Function<Row, Vector> {
        private static final long serialVersionUID = 1L;

        @Override
        public Vector call(Row row) {
            return Vectors.fromML(row.getAs(0));
        }
    }

    /**
     * The leading eigenvectors.
     *
     * @param covariance {@code [mean.length * mean.length]}, symmetric; overwritten
     */
    private static PcaReducer fit(double[] covariance, double[] mean, int dimensions) {
        double[] ascending = eigen(covariance, mean.length);
        double total = Arrays.stream(ascending).map(value -> Math.max(0, value)).sum();
        if (!(total > 0)) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot fit PCA to " + dimensions + " dimensions: the sample's vectors are all alike (they have no"
                            + " variance). Set reduce.method to none.");
        }
        float[][] components = new float[dimensions][];
        double[] explained = new double[dimensions];
        for (int component = 0; component < dimensions; component++) {
            int place = mean.length - 1 - component;
            components[component] = component(covariance, place * mean.length, mean.length);
            explained[component] = Math.max(0, ascending[place]) / total;
        }
        return new PcaReducer(components, toFloats(mean), explained);
    }

    /** The eigenvalues in ascending order; the matrix becomes the eigenvectors, one after the other. */
    private static double[] eigen(double[] matrix, int size) {
        double[] values = new double[size];
        intW info = new intW(0);
        double[] workSize = new double[1];
        LAPACK.getInstance().dsyev("V", "U", size, matrix, size, values, workSize, -1, info);
        double[] work = new double[(int) workSize[0]];
        LAPACK.getInstance().dsyev("V", "U", size, matrix, size, values, work, work.length, info);
        if (info.val != 0) {
            throw new IllegalStateException("dsyev gave up with code " + info.val);
        }
        return values;
    }

    /** One eigenvector, with the sign that makes its largest value positive. */
    private static float[] component(double[] vectors, int from, int size) {
        double largest = 0;
        for (int i = from; i < from + size; i++) {
            largest = Math.abs(vectors[i]) > Math.abs(largest) ? vectors[i] : largest;
        }
        float[] component = new float[size];
        for (int i = 0; i < size; i++) {
            component[i] = (float) (largest < 0 ? -vectors[from + i] : vectors[from + i]);
        }
        return component;
    }

    private static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
