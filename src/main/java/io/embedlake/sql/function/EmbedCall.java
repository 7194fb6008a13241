package io.embedlake.sql.function;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A call of {@link EmbedFunction} as it was written, whose model is one of its arguments. {@link ModelCalls} replaces it in every query; until
 * then it can be evaluated on the driver, where Spark folds calls with constant texts. Immutable.
 */
public final class EmbedCall implements ScalarFunction<Object> {
    private static final long serialVersionUID = 1L;

    private final EmbeddedValue value;
    private final List<DataType> types;
    private final transient QueryModels models;

    EmbedCall(EmbeddedValue value, List<DataType> types, QueryModels models) {
        this.value = value;
        this.types = types;
        this.models = models;
    }

    /** Found by Spark by its name. */
    public Object invoke(UTF8String text) {
        return written(InputKind.TEXT, null, null).invoke(text);
    }

    /** Found by Spark by its name. */
    public Object invoke(UTF8String text, UTF8String model) {
        return written(InputKind.TEXT, model, null).invoke(text);
    }

    /** Found by Spark by its name. */
    public Object invoke(UTF8String text, MapData options) {
        return written(InputKind.TEXT, null, options).invoke(text);
    }

    /** Found by Spark by its name. */
    public Object invoke(UTF8String text, UTF8String model, MapData options) {
        return written(InputKind.TEXT, model, options).invoke(text);
    }

    /** Found by Spark by its name. */
    public Object invoke(byte[] image) {
        return written(InputKind.IMAGE, null, null).invoke(image);
    }

    /** Found by Spark by its name. */
    public Object invoke(byte[] image, UTF8String model) {
        return written(InputKind.IMAGE, model, null).invoke(image);
    }

    /** Found by Spark by its name. */
    public Object invoke(byte[] image, MapData options) {
        return written(InputKind.IMAGE, null, options).invoke(image);
    }

    /** Found by Spark by its name. */
    public Object invoke(byte[] image, UTF8String model, MapData options) {
        return written(InputKind.IMAGE, model, options).invoke(image);
    }

    private ModelCall written(InputKind input, UTF8String model, MapData options) {
        return models().call(WrittenCall.of(value, input, model, options));
    }

    /** On the driver. */
    QueryModels models() {
        if (models == null) {
            throw notConstant(name());
        }
        return models;
    }

    EmbeddedValue value() {
        return value;
    }

    static EmbedlakeException notConstant(String function) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot call " + function
                        + ": its model or options differ from row to row (a query loads each model once, before it reads rows)."
                        + " Write them as constants.");
    }

    @Override
    public DataType[] inputTypes() {
        return types.toArray(DataType[]::new);
    }

    @Override
    public DataType resultType() {
        return value.type();
    }

    @Override
    public String name() {
        return value.function();
    }

    @Override
    public String canonicalName() {
        return "embedlake." + name();
    }

    /** Two calls with the same arguments are one. */
    @Override
    public boolean equals(Object other) {
        return other instanceof EmbedCall that
                && value == that.value
                && types.equals(that.types)
                && models == that.models;
    }

    @Override
    public int hashCode() {
        return Objects.hash(value, types);
    }

    @Override
    public String toString() {
        return canonicalName();
    }
}
