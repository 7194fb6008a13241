package io.embedlake.ml;

import static org.apache.spark.sql.functions.col;

import io.embedlake.annotation.Stable;
import io.embedlake.config.JobFile;
import io.embedlake.config.ReduceSpec;
import io.embedlake.reduce.quality.Fit;
import io.embedlake.reduce.quality.FitFile;
import io.embedlake.spark.ml.SampleFit;
import io.embedlake.spark.ml.VectorSample;
import io.embedlake.spark.store.Failures;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Shortens the vectors of a column, from wherever they come, as the jobs' {@code reduce} does: fitted on a sample, with the same methods,
 * codes and numbers. Vectors are {@code array<float>}, {@code array<double>} or vectors of Spark ML; null stays null. Not thread-safe, as
 * all stages of Spark ML.
 *
 * <pre>{@code
 * VectorReducerModel model = new VectorReducer()
 *     .setInputCol("vector").setOutputCol("code").setQuantize("packed").setBytes(64)
 *     .fit(rows);
 * }</pre>
 *
 * <p>Params other than the columns and {@code vectorType} are the keys of {@code reduce}, with their rules and defaults.
 */
@Stable
public final class VectorReducer extends Estimator<VectorReducerModel> implements DefaultParamsWritable {
    private static final long serialVersionUID = 1L;
    private static final Pattern KEY = Pattern.compile("(?:embeddings\\[]\\.)?reduce\\.([a-z]+(?:-[a-z]+)*)");

    private final String uid;
    private final Param<String> inputCol;
    private final Param<String> outputCol;
    private final Param<String> method;
    private final IntParam dimensions;
    private final BooleanParam center;
    private final Param<String> quantize;
    private final IntParam bytes;
    private final IntParam sampleRows;
    private final Param<String> fewRows;
    private final Param<String> vectorType;

    /** A stage with a name of its own. */
    public VectorReducer() {
        this(Identifiable$.MODULE$.randomUID("embedlake_reducer"));
    }

    /** A stage of this name. */
    public VectorReducer(String uid) {
        this.uid = uid;
        this.inputCol = text("inputCol", "the column of vectors");
        this.outputCol = text("outputCol", "the column of short vectors, a new one");
        this.method = text("method", "pca, mllib-pca, truncate, autoencoder or none");
        this.dimensions =
                new IntParam(this, "dimensions", "the length of a short vector; not with packed codes of pca");
        this.center = new BooleanParam(this, "center", "whether pca subtracts the mean of the sample");
        this.quantize = text("quantize", "what values become: none (floats), int8, binary or packed");
        this.bytes = new IntParam(this, "bytes", "the length of packed codes");
        this.sampleRows = new IntParam(this, "sampleRows", "on how many vectors, drawn at random, it is fitted");
        this.fewRows = text("fewRows", "what happens with fewer vectors than dimensions: refuse, or pad with zeros");
        this.vectorType = text("vectorType", "what short vectors of floats are: array or vector (of Spark ML)");
        ReduceSpec defaults = JobFile.reduction(Map.of("method", ReduceSpec.Method.PCA.toString()));
        setDefault(inputCol, "vector");
        setDefault(outputCol, "reduced");
        setDefault(method, defaults.method().toString());
        setDefault(dimensions, defaults.dimensions());
        setDefault(center, defaults.center());
        setDefault(quantize, defaults.codes().toString());
        setDefault(bytes, defaults.bytes());
        setDefault(sampleRows, defaults.sampleRows());
        setDefault(fewRows, defaults.fewRows().toString());
        setDefault(vectorType, VectorForms.ARRAY);
    }

    private Param<String> text(String name, String says) {
        return TextParams.of(uid, name, says);
    }

    @Override
    public String uid() {
        return uid;
    }

    /** The column of vectors; {@code vector} by default. */
    public Param<String> inputCol() {
        return inputCol;
    }

    /** The column of short vectors; {@code reduced} by default. */
    public Param<String> outputCol() {
        return outputCol;
    }

    /** {@code pca} (by default), {@code mllib-pca}, {@code truncate}, {@code autoencoder} or {@code none}. */
    public Param<String> method() {
        return method;
    }

    /** The length of a short vector; 64 by default. */
    public IntParam dimensions() {
        return dimensions;
    }

    /** Whether the mean of the sample is subtracted; not by default. */
    public BooleanParam center() {
        return center;
    }

    /** {@code none} (by default), {@code int8}, {@code binary} or {@code packed}. */
    public Param<String> quantize() {
        return quantize;
    }

    /** The length of packed codes; 64 by default. */
    public IntParam bytes() {
        return bytes;
    }

    /** On how many vectors the reduction is fitted; 20,000 by default. */
    public IntParam sampleRows() {
        return sampleRows;
    }

    /** {@code refuse} (by default) or {@code pad}. */
    public Param<String> fewRows() {
        return fewRows;
    }

    /** {@code array} (by default) or {@code vector}; of floats alone. */
    public Param<String> vectorType() {
        return vectorType;
    }

    /** Sets the column of vectors. */
    public VectorReducer setInputCol(String column) {
        set(inputCol, column);
        return this;
    }

    /** Sets the name of the column to add. */
    public VectorReducer setOutputCol(String column) {
        set(outputCol, column);
        return this;
    }

    /** Sets what makes vectors shorter. */
    public VectorReducer setMethod(String name) {
        set(method, name);
        return this;
    }

    /** Sets the length of a short vector. */
    public VectorReducer setDimensions(int length) {
        set(dimensions, length);
        return this;
    }

    /** Sets whether the mean of the sample is subtracted. */
    public VectorReducer setCenter(boolean isCentered) {
        set(center, isCentered);
        return this;
    }

    /** Sets what the values of a short vector become. */
    public VectorReducer setQuantize(String codes) {
        set(quantize, codes);
        return this;
    }

    /** Sets the length of packed codes. */
    public VectorReducer setBytes(int length) {
        set(bytes, length);
        return this;
    }

    /** Sets on how many vectors the reduction is fitted. */
    public VectorReducer setSampleRows(int rows) {
        set(sampleRows, rows);
        return this;
    }

    /** Sets what happens where there are too few vectors. */
    public VectorReducer setFewRows(String way) {
        set(fewRows, way);
        return this;
    }

    /** Sets what short vectors are: {@code array} (of floats) or {@code vector} (of Spark ML). */
    public VectorReducer setVectorType(String type) {
        set(vectorType, type);
        return this;
    }

    /**
     * Fits the reduction on a sample of the distinct vectors. The same vectors in any order give the same model.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a Param or a vector does not fit, or there are too few vectors
     */
    @Override
    public VectorReducerModel fit(Dataset<?> rows) {
        transformSchema(rows.schema());
        ReduceSpec reduce = reduce();
        Dataset<Row> vectors = rows.select(
                        VectorForms.floats(rows, value(inputCol), 0).as(VectorSample.VECTOR))
                .where(col(VectorSample.VECTOR).isNotNull());
        FitFile fitted = Failures.on(
                "read the vectors that a reduction is fitted on",
                "Correct it.",
                () -> inParams(() -> fit(vectors, rows.count(), reduce)));
        return copyValues(new VectorReducerModel(uid, fitted).setParent(this), ParamMap.empty());
    }

    private FitFile fit(Dataset<Row> vectors, long total, ReduceSpec reduce) {
        String column = value(inputCol);
        try (VectorSample sample = VectorSample.of(vectors, total, SampleFit.wanted(reduce))) {
            if (sample.count() == 0) {
                throw SampleFit.tooFew(reduce, column, "distinct vectors", 0);
            }
            if (sample.shortest() != sample.longest()) {
                throw new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot fit " + reduce.label() + " to the column " + column + ": it has vectors of "
                                + sample.shortest() + " and of " + sample.longest()
                                + " values (a reduction is for one length). Filter rows, or correct them.");
            }
            Fit fit = new SampleFit(
                            sample.rows(), VectorSample.KEY, VectorSample.VECTOR, reduce, column, "distinct vectors")
                    .fit();
            return new FitFile(sample.longest(), fit);
        }
    }

    /** The requested reduction. Keys that were not set have the defaults of jobs. */
    private ReduceSpec reduce() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("method", value(method));
        for (Param<?> param : List.<Param<?>>of(dimensions, center, quantize, bytes, sampleRows, fewRows)) {
            if (isSet(param)) {
                keys.put(
                        param.name().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT),
                        String.valueOf(getOrDefault(param)));
            }
        }
        return inParams(() -> JobFile.reduction(keys));
    }

    /** Names Params where jobs name keys. */
    private <T> T inParams(Supplier<T> action) {
        try {
            return action.get();
        } catch (EmbedlakeException e) {
            String message = KEY.matcher(e.getMessage())
                    .replaceAll(key -> camelCase(key.group(1)))
                    .replaceFirst(
                            "^Cannot embed with these options: ", "Cannot reduce vectors with the stage " + uid + ": ");
            throw new EmbedlakeException(e.kind(), message, e);
        }
    }

    private static String camelCase(String key) {
        return Pattern.compile("-(.)").matcher(key).replaceAll(letter -> letter.group(1)
                .toUpperCase(Locale.ROOT));
    }

    /** @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a Param does not fit */
    @Override
    public StructType transformSchema(StructType schema) {
        return VectorForms.with(
                schema, value(inputCol), value(outputCol), VectorForms.type(uid, reduce().codes(), value(vectorType)));
    }

    private String value(Param<String> param) {
        return getOrDefault(param);
    }

    @Override
    public VectorReducer copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    /** Reads saved stages. */
    public static MLReader<VectorReducer> read() {
        return new DefaultParamsReader<>();
    }

    /** A saved stage. */
    public static VectorReducer load(String path) {
        return read().load(path);
    }
}
