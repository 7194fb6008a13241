package io.embedlake.sql.function;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A function that embeds a text or an image. Immutable.
 *
 * @param value what it returns
 * @param models the models of the session
 */
public record EmbedFunction(EmbeddedValue value, QueryModels models) implements UnboundFunction {
    static final DataType OPTIONS = DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType);

    @Override
    public BoundFunction bind(StructType arguments) {
        if (arguments.size() < 1 || arguments.size() > 3) {
            throw refused("it is called with " + arguments.size() + " arguments");
        }
        List<DataType> types = new ArrayList<>();
        types.add(input(arguments.fields()[0]));
        boolean hasOptions =
                arguments.size() > 1 && arguments.fields()[arguments.size() - 1].dataType() instanceof MapType;
        if (arguments.size() == 3 || arguments.size() == 2 && !hasOptions) {
            types.add(text(arguments.fields()[1], "model"));
        }
        if (arguments.size() == 3 || hasOptions) {
            types.add(options(arguments.fields()[arguments.size() - 1]));
        }
        return new EmbedCall(value, List.copyOf(types), models);
    }

    private DataType input(StructField argument) {
        if (argument.dataType().equals(DataTypes.BinaryType)) {
            return DataTypes.BinaryType;
        }
        if (value != EmbeddedValue.IMAGE) {
            return text(argument, "text");
        }
        if (argument.dataType().equals(DataTypes.NullType)) {
            return DataTypes.BinaryType;
        }
        throw refused("its argument image is of type " + argument.dataType().sql());
    }

    private DataType text(StructField argument, String called) {
        DataType type = argument.dataType();
        if (type.equals(DataTypes.StringType) || type.equals(DataTypes.NullType)) {
            return DataTypes.StringType;
        }
        throw refused("its argument " + called + " is of type " + type.sql());
    }

    private DataType options(StructField argument) {
        if (argument.dataType() instanceof MapType map
                && (map.keyType().equals(DataTypes.StringType) || map.keyType().equals(DataTypes.NullType))
                && (map.valueType().equals(DataTypes.StringType)
                        || map.valueType().equals(DataTypes.NullType))) {
            return OPTIONS;
        }
        throw refused("its argument options is of type " + argument.dataType().sql());
    }

    /** Spark's way to say that a function does not take these arguments; it names the function and their types. */
    private UnsupportedOperationException refused(String what) {
        return new UnsupportedOperationException("Cannot call " + name() + ": " + what + " (" + signature()
                + "). Correct the call, or cast the argument.");
    }

    private String signature() {
        return "embedlake." + name() + "("
                + (value == EmbeddedValue.IMAGE ? "image BINARY" : "text STRING or image BINARY")
                + " [, model STRING [, options MAP<STRING, STRING>]]), in this order";
    }

    @Override
    public String name() {
        return value.function();
    }

    @Override
    public String description() {
        return signature() + ": "
                + switch (value) {
                    case VECTOR -> "the vector of a text, NULL where it has none.";
                    case IMAGE -> "the vector of an image, NULL where it has none.";
                    case INT8, BINARY -> "the same, of a store's reducer with quantized vectors.";
                    case RESULT ->
                        "the vector of a text, its tokens, whether it was truncated, and the error where it has no vector.";
                };
    }
}
