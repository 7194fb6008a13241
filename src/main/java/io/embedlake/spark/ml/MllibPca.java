package io.embedlake.spark.ml;

import static org.apache.spark.sql.functions.col;

import io.embedlake.reduce.pca.PcaReducer;
import java.util.Arrays;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.feature.PCAModel;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Principal components as Spark MLlib has them: fitted by it, and to and from its models. Stateless; confined to the driver. */
public final class MllibPca {
    private MllibPca() {}

    /**
     * Has MLlib fit the components.
     *
     * @param sample more rows than the vectors have values: with fewer, its decomposition gives wrong components or NaN
     * @param vector the column with the vectors, {@code array<float>}
     * @param mean of the sample
     */
    public static PcaReducer fit(Dataset<Row> sample, String vector, int dimensions, double[] mean) {
        return reducer(
                new PCA()
                        .setInputCol("features")
                        .setOutputCol("short")
                        .setK(dimensions)
                        .fit(sample.select(functions
                                .array_to_vector(col(vector).cast("array<double>"))
                                .as("features"))),
                PcaFitter.toFloats(mean));
    }

    /**
     * The projection of a model.
     *
     * @param mean of what the model was fitted on, which it does not keep
     */
    public static PcaReducer reducer(PCAModel model, float[] mean) {
        DenseMatrix columns = model.pc();
        float[][] components = new float[columns.numCols()][columns.numRows()];
        for (int component = 0; component < components.length; component++) {
            for (int i = 0; i < columns.numRows(); i++) {
                components[component][i] = (float) columns.apply(i, component);
            }
        }
        return new PcaReducer(components, mean, model.explainedVariance().toArray());
    }

    /** The model of a projection, which subtracts no mean. */
    public static PCAModel model(PcaReducer reducer) {
        float[][] components = reducer.components();
        double[] columns = new double[reducer.dimensions() * reducer.inputDimensions()];
        for (int component = 0; component < components.length; component++) {
            for (int i = 0; i < reducer.inputDimensions(); i++) {
                columns[component * reducer.inputDimensions() + i] = components[component][i];
            }
        }
        PCAModel model = new PCAModel(
                "embedlake-pca-" + reducer.dimensions(),
                new DenseMatrix(reducer.inputDimensions(), reducer.dimensions(), columns),
                new DenseVector(Arrays.copyOf(reducer.explainedVariance(), reducer.dimensions())));
        model.set(model.k(), reducer.dimensions());
        return model;
    }
}
