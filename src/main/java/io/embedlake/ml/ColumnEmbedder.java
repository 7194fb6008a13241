package io.embedlake.ml;

import io.embedlake.annotation.Stable;
import io.embedlake.config.JobFile;
import io.embedlake.spark.source.Columns;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.sql.EmbedlakeCatalog;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A stage that adds the vectors of a column. Not thread-safe, as all stages of Spark ML.
 *
 * <p>Params are saved as plain text: a key is given as a reference, as in job files.
 *
 * @param <E> the stage itself
 */
@Stable
public abstract class ColumnEmbedder<E extends ColumnEmbedder<E>> extends Transformer implements DefaultParamsWritable {
    private static final long serialVersionUID = 1L;
    private static final String ARRAY = "array";
    private static final String VECTOR = "vector";

    private final String uid;
    private final Param<String> inputCol;
    private final Param<String> outputCol;
    private final Param<String> model;
    private final StringArrayParam options;
    private final Param<String> vectorType;

    /**
     * A stage of this name.
     *
     * @param inputs the default column of inputs, and what is in it, in words
     */
    ColumnEmbedder(String uid, String column, String inputs) {
        this.uid = uid;
        this.inputCol = text("inputCol", "the column of " + inputs);
        this.outputCol = text("outputCol", "the column of vectors, a new one");
        this.model = text(
                "model",
                "a model's name on the hub, a folder, or a provider's name for it; empty for the one in the package");
        this.options = new StringArrayParam(
                this, "options", "keys of a column or a job with their values, such as pooling=cls");
        this.vectorType = text("vectorType", "what vectors are: array (of floats) or vector (of Spark ML)");
        setDefault(inputCol, column);
        setDefault(outputCol, "vector");
        setDefault(model, "");
        setDefault(options, new String[0]);
        setDefault(vectorType, ARRAY);
    }

    private Param<String> text(String name, String says) {
        return TextParams.of(uid, name, says);
    }

    @Override
    public String uid() {
        return uid;
    }

    /** The column of what is embedded. */
    public Param<String> inputCol() {
        return inputCol;
    }

    /** The column of vectors; {@code vector} by default. */
    public Param<String> outputCol() {
        return outputCol;
    }

    /** The model; by default the one in the package. */
    public Param<String> model() {
        return model;
    }

    /** Options as {@code key=value}. */
    public StringArrayParam options() {
        return options;
    }

    /** {@code array} or {@code vector}. */
    public Param<String> vectorType() {
        return vectorType;
    }

    /** Sets the column of what is embedded. */
    public E setInputCol(String column) {
        set(inputCol, column);
        return self();
    }

    /** Sets the name of the column to add. */
    public E setOutputCol(String column) {
        set(outputCol, column);
        return self();
    }

    /** Sets the model. */
    public E setModel(String name) {
        set(model, name);
        return self();
    }

    /** Sets the platform and other options, each as {@code key=value}. */
    public E setOptions(String... keyValues) {
        set(options, keyValues);
        return self();
    }

    /** Sets what vectors are: {@code array} (of floats) or {@code vector} (of Spark ML). */
    public E setVectorType(String type) {
        set(vectorType, type);
        return self();
    }

    /**
     * The rows with their vectors, computed when they are read.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a Param does not fit
     */
    @Override
    public Dataset<Row> transform(Dataset<?> rows) {
        transformSchema(rows.schema());
        String catalog = EmbedlakeCatalog.in(rows.sparkSession());
        Column vector = functions.call_function(
                "`" + catalog + "`." + function(), arguments(rows.col(Columns.quoted(value(inputCol)))));
        return rows.withColumn(
                value(outputCol),
                isVector()
                        ? functions.when(vector.isNotNull(), org.apache.spark.ml.functions.array_to_vector(vector))
                        : vector);
    }

    private Column[] arguments(Column text) {
        Map<String, String> keys = keys();
        Column[] pairs = keys.entrySet().stream()
                .flatMap(key -> java.util.stream.Stream.of(functions.lit(key.getKey()), functions.lit(key.getValue())))
                .toArray(Column[]::new);
        Column map = keys.isEmpty()
                ? functions.map().cast(DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType))
                : functions.map(pairs);
        return value(model).isEmpty()
                ? new Column[] {text, map}
                : new Column[] {text, functions.lit(value(model)), map};
    }

    private Map<String, String> keys() {
        Map<String, String> keys = new LinkedHashMap<>();
        for (String option : getOrDefault(options)) {
            int sign = option.indexOf('=');
            if (sign < 1) {
                throw refused(
                        "an option is no key=value: " + option, "options are keys of a job file with their values");
            }
            keys.put(option.substring(0, sign).strip(), option.substring(sign + 1));
        }
        JobFile.requireReferences(keys);
        return keys;
    }

    /** @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a Param does not fit */
    @Override
    public StructType transformSchema(StructType schema) {
        String type = value(vectorType);
        if (!type.equals(ARRAY) && !type.equals(VECTOR)) {
            throw refused("vectorType is " + type, ARRAY + " or " + VECTOR);
        }
        keys();
        requireFits(schema, value(inputCol), value(outputCol));
        return schema.add(value(outputCol), dataType(), true);
    }

    private DataType dataType() {
        return isVector() ? SQLDataTypes.VectorType() : DataTypes.createArrayType(DataTypes.FloatType, false);
    }

    private boolean isVector() {
        return value(vectorType).equals(VECTOR);
    }

    private String value(Param<String> param) {
        return getOrDefault(param);
    }

    private EmbedlakeException refused(String what, String rule) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot embed with the stage " + uid + ": " + what + " (" + rule + "). Correct it.");
    }

    /** @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when an option holds a secret */
    @Override
    public MLWriter write() {
        keys();
        return DefaultParamsWritable.super.write();
    }

    /** This. */
    abstract E self();

    /** The function of SQL that embeds. */
    abstract String function();

    /** @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the columns do not fit */
    abstract void requireFits(StructType schema, String input, String output);
}
