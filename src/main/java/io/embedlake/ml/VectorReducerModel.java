package io.embedlake.ml;

import io.embedlake.annotation.Stable;
import io.embedlake.reduce.Reduction;
import io.embedlake.reduce.quality.FitFile;
import io.embedlake.reduce.quality.Quality;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Shortens vectors as a {@link VectorReducer} was fitted to do. Vectors have the length of those that it was fitted on and finite values:
 * a query with any other fails; null stays null. Not thread-safe, as all stages of Spark ML.
 */
@Stable
public final class VectorReducerModel extends Model<VectorReducerModel> implements MLWritable {
    private static final long serialVersionUID = 1L;

    /** The fit below a saved model's path: {@link FitFile} in Base64, as text, which Spark also writes beside a server's caches. */
    private static final String FIT = "fit";

    private final String uid;
    private final transient FitFile fitted;
    private final Param<String> inputCol;
    private final Param<String> outputCol;
    private final Param<String> vectorType;

    /** A model that is not fitted and refuses to work: servers of Spark Connect find classes by this constructor. */
    public VectorReducerModel() {
        this("", null);
    }

    VectorReducerModel(String uid, FitFile fitted) {
        this.uid = uid;
        this.fitted = fitted;
        this.inputCol = text("inputCol", "the column of vectors");
        this.outputCol = text("outputCol", "the column of short vectors, a new one");
        this.vectorType = text("vectorType", "what short vectors of floats are: array or vector (of Spark ML)");
    }

    private Param<String> text(String name, String says) {
        return TextParams.of(uid, name, says);
    }

    @Override
    public String uid() {
        return uid;
    }

    /** The column of vectors. */
    public Param<String> inputCol() {
        return inputCol;
    }

    /** The column of short vectors. */
    public Param<String> outputCol() {
        return outputCol;
    }

    /** {@code array} or {@code vector}. */
    public Param<String> vectorType() {
        return vectorType;
    }

    /** Sets the column of vectors. */
    public VectorReducerModel setInputCol(String column) {
        set(inputCol, column);
        return this;
    }

    /** Sets the name of the column to add. */
    public VectorReducerModel setOutputCol(String column) {
        set(outputCol, column);
        return this;
    }

    /** Sets what short vectors are: {@code array} (of floats) or {@code vector} (of Spark ML). */
    public VectorReducerModel setVectorType(String type) {
        set(vectorType, type);
        return this;
    }

    /** The length of the vectors that it is for. */
    public int inputDimensions() {
        return fitted().inputDimensions();
    }

    /** How many vectors it was fitted on. */
    public long fittedRows() {
        return fitted().fit().sampleRows();
    }

    /** The share of the sample's variance that short vectors keep, between 0 and 1. */
    public double varianceKept() {
        return fitted().fit().varianceKept();
    }

    /** What search finds with short vectors; nothing of a sample that is too small to search. */
    public Optional<Quality> quality() {
        return fitted().fit().quality();
    }

    private FitFile fitted() {
        if (fitted == null) {
            throw VectorForms.refusedStage(
                    uid, "it is not fitted", "a model comes from VectorReducer.fit, or from VectorReducerModel.load");
        }
        return fitted;
    }

    /**
     * The rows with their short vectors, computed when they are read.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a Param does not fit
     */
    @Override
    public Dataset<Row> transform(Dataset<?> rows) {
        transformSchema(rows.schema());
        return rows.withColumn(
                value(outputCol),
                VectorForms.published(
                        VectorForms.floats(rows, value(inputCol), inputDimensions()),
                        fitted().fit().reduction(),
                        value(vectorType)));
    }

    /** @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a Param does not fit */
    @Override
    public StructType transformSchema(StructType schema) {
        Reduction reduction = fitted().fit().reduction();
        return VectorForms.with(
                schema, value(inputCol), value(outputCol), VectorForms.type(uid, reduction, value(vectorType)));
    }

    private String value(Param<String> param) {
        return getOrDefault(param);
    }

    @Override
    public VectorReducerModel copy(ParamMap extra) {
        return copyValues(new VectorReducerModel(uid, fitted), extra).setParent(parent());
    }

    /** What it was fitted on and how well, in one line. */
    @Override
    public String toString() {
        if (fitted == null) {
            return "VectorReducerModel: not fitted";
        }
        return String.format(
                Locale.ROOT,
                "VectorReducerModel: uid=%s, inputDimensions=%d, fittedRows=%d, varianceKept=%.3f%s",
                uid,
                inputDimensions(),
                fittedRows(),
                varianceKept(),
                quality()
                        .map(quality -> String.format(
                                Locale.ROOT, ", bytes=%d, recallAt10=%.3f", quality.bytes(), quality.recallAt10()))
                        .orElse(""));
    }

    @Override
    public MLWriter write() {
        return new Writer(this);
    }

    /** Reads saved models. */
    public static MLReader<VectorReducerModel> read() {
        return new Reader();
    }

    /**
     * A saved model.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when its file is damaged or of another version
     */
    public static VectorReducerModel load(String path) {
        return read().load(path);
    }

    private static final class Writer extends MLWriter {
        private final VectorReducerModel model;

        Writer(VectorReducerModel model) {
            this.model = model;
        }

        @Override
        public void saveImpl(String path) {
            String text = Base64.getEncoder().encodeToString(model.fitted().toBytes());
            DefaultParamsWriter.saveMetadata(model, path, sparkSession());
            SavedText.save(new Path(path, FIT).toString(), text, sparkSession());
        }
    }

    private static final class Reader extends MLReader<VectorReducerModel> {
        @Override
        public VectorReducerModel load(String path) {
            DefaultParamsReader.Metadata metadata =
                    DefaultParamsReader$.MODULE$.loadMetadata(path, sparkSession(), VectorReducerModel.class.getName());
            String text = SavedText.load(new Path(path, FIT).toString(), sparkSession());
            VectorReducerModel model = new VectorReducerModel(metadata.uid(), fitted(text, path));
            metadata.getAndSetParams(model, metadata.getAndSetParams$default$2());
            return model;
        }

        private static FitFile fitted(String text, String path) {
            try {
                return FitFile.of(Base64.getDecoder().decode(text));
            } catch (IllegalArgumentException e) {
                throw new EmbedlakeException(
                        ErrorKind.STORAGE,
                        "Cannot load the model in " + path + ": its file " + FIT + " holds " + e.getMessage()
                                + ". Fit the model again and save it.",
                        e);
            }
        }
    }
}
