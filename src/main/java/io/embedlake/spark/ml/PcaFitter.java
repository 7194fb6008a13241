package io.embedlake.spark.ml;

import io.embedlake.reduce.pca.Moments;
import io.embedlake.reduce.pca.PcaReducer;
import io.embedlake.spark.store.Failures;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Fits principal components: the executors sum up the moments of their partitions, the driver takes the covariance apart with
 * LAPACK. Stateless; confined to the driver.
 */
public final class PcaFitter {
    private PcaFitter() {}

    /**
     * Fits a projection in one pass. The same partitions with their rows in the same order give the same bits; each component's largest
     * value is made positive.
     *
     * @param sample more rows than {@code dimensions}
     * @param vector the column with the vectors, {@code array<float>}
     * @param dimensions the length of the short vectors
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the vectors do not differ, differ in length, are shorter than
     *     {@code dimensions} or not finite
     */
    public static PcaReducer fit(Dataset<Row> sample, String vector, int dimensions) {
        return fit(moments(sample, vector).orElseThrow(() -> refuse(dimensions, "the sample is empty")), dimensions);
    }

    /**
     * Sums a sample up, in one pass; nothing when it is empty.
     *
     * @param vector the column with the vectors, {@code array<float>}
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the vectors differ in length or are not finite
     */
    public static Optional<Moments> moments(Dataset<Row> sample, String vector) {
        return Failures.on(
                "read the vectors that PCA is fitted on",
                "Start the job again.",
                () -> SampleMoments.of(sample, vector));
    }

    /**
     * Fits a projection to a sample that was summed up.
     *
     * @param dimensions the length of the short vectors
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the vectors do not differ, or are shorter than {@code dimensions}
     */
    public static PcaReducer fit(Moments moments, int dimensions) {
        if (moments.dimensions() < dimensions) {
            throw refuse(dimensions, "the vectors have " + moments.dimensions());
        }
        SymmetricEigen eigen = SymmetricEigen.of(moments::covariance, moments.dimensions(), dimensions);
        double[] spectrum =
                Arrays.stream(eigen.values()).map(value -> Math.max(0, value)).toArray();
        double total = Arrays.stream(spectrum).sum();
        if (!(total > 0)) {
            throw refuse(dimensions, "the sample's vectors are all alike, so they have no variance");
        }
        float[][] components = new float[dimensions][];
        for (int component = 0; component < dimensions; component++) {
            components[component] = component(eigen.vectors()[component]);
        }
        return new PcaReducer(
                components,
                toFloats(moments.mean()),
                Arrays.stream(spectrum).map(value -> value / total).toArray());
    }

    private static EmbedlakeException refuse(int dimensions, String why) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot fit PCA to " + dimensions + " dimensions: " + why
                        + ". Set reduce.method to none, or correct what it" + " names.");
    }

    /** An eigenvector with the sign that makes its largest value positive. */
    private static float[] component(double[] vector) {
        double largest = 0;
        for (double value : vector) {
            largest = Math.abs(value) > Math.abs(largest) ? value : largest;
        }
        float[] component = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            component[i] = (float) (largest < 0 ? -vector[i] : vector[i]);
        }
        return component;
    }

    static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
