package io.embedlake.spark.ml;

import static org.apache.spark.sql.functions.col;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.reduce.PcaReducer;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.feature.PCAModel;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.stat.Summarizer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Fits principal components with Spark MLlib. Stateless; confined to the driver. */
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
                .select(functions.array_to_vector(col(vector)).as(FEATURES))
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            PCAModel model = new PCA().setInputCol(FEATURES).setK(dimensions).fit(features);
            Vector mean =
                    features.select(Summarizer.mean(col(FEATURES))).first().getAs(0);
            double[] explained = model.explainedVariance().toArray();
            for (double share : explained) {
                if (!Double.isFinite(share)) {
                    throw new EmbedlakeException(
                            ErrorKind.CONFIGURATION,
                            "Cannot fit PCA to " + dimensions
                                    + " dimensions: the sample's vectors are all alike (they have"
                                    + " no variance). Set reduce.method to none.");
                }
            }
            return new PcaReducer(components(model.pc()), toFloats(mean.toArray()), explained);
        } finally {
            features.unpersist();
        }
    }

    /** The columns of MLlib's matrix as rows. */
    private static float[][] components(DenseMatrix matrix) {
        float[][] components = new float[matrix.numCols()][matrix.numRows()];
        for (int component = 0; component < components.length; component++) {
            double largest = 0;
            for (int i = 0; i < matrix.numRows(); i++) {
                double value = matrix.apply(i, component);
                largest = Math.abs(value) > Math.abs(largest) ? value : largest;
            }
            double sign = largest < 0 ? -1 : 1;
            for (int i = 0; i < matrix.numRows(); i++) {
                components[component][i] = (float) (sign * matrix.apply(i, component));
            }
        }
        return components;
    }

    private static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
