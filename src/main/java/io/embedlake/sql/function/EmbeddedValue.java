package io.embedlake.sql.function;

import io.embedlake.reduce.Reduction;
import io.embedlake.reduce.quantize.ByteScales;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What a query gets of an embedded text or image, as Spark's own rows have it. There is a function for each, because Spark asks a function for its
 * type before it shows it the options.
 */
public enum EmbeddedValue {
    /** The vector: null where there is none. */
    VECTOR("embed", DataTypes.createArrayType(DataTypes.FloatType, false)) {
        @Override
        Object of(Reduction reduction, float[] vector) {
            return UnsafeArrayData.fromPrimitiveArray(reduction.reducer().reduce(vector));
        }
    },
    /** The vector of an image. */
    IMAGE("embed_image", DataTypes.createArrayType(DataTypes.FloatType, false)) {
        @Override
        Object of(Reduction reduction, float[] vector) {
            return VECTOR.of(reduction, vector);
        }
    },
    /** The vector of a reducer with scaled bytes. */
    INT8("embed_int8", DataTypes.createArrayType(DataTypes.ByteType, false)) {
        @Override
        Object of(Reduction reduction, float[] vector) {
            return UnsafeArrayData.fromPrimitiveArray(reduction.codes(vector));
        }
    },
    /** The vector of a reducer with bits. */
    BINARY("embed_binary", DataTypes.BinaryType) {
        @Override
        Object of(Reduction reduction, float[] vector) {
            return reduction.codes(vector);
        }
    },
    /** The vector with what became of the text: {@code error} says why there is none. */
    RESULT(
            "embed_result",
            new StructType()
                    .add("vector", DataTypes.createArrayType(DataTypes.FloatType, false))
                    .add("tokens", DataTypes.IntegerType)
                    .add("truncated", DataTypes.BooleanType)
                    .add("error", DataTypes.StringType)) {
        @Override
        Object of(Reduction reduction, float[] vector) {
            return VECTOR.of(reduction, vector);
        }

        @Override
        Object of(Reduction reduction, Outcome outcome) {
            return outcome instanceof Outcome.Embedded embedded
                    ? row(of(reduction, embedded.vector()), embedded.tokens(), embedded.truncated(), null)
                    : row(null, 0, false, ((Outcome.Refused) outcome).reason());
        }

        @Override
        Object ofBlank() {
            return row(null, 0, false, "the text is blank");
        }
    };

    private final String function;
    private final DataType type;

    EmbeddedValue(String function, DataType type) {
        this.function = function;
        this.type = type;
    }

    /** The name of the function that gives it. */
    public String function() {
        return function;
    }

    /** Of the column. */
    public DataType type() {
        return type;
    }

    /**
     * Makes sure that it can hold the vectors of a reduction.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} that names the function that can
     */
    void requireFits(Reduction reduction) {
        EmbeddedValue fitting = reduction
                .quantizer()
                .map(quantizer -> quantizer instanceof ByteScales ? INT8 : BINARY)
                .orElse(VECTOR);
        boolean isOfFloats = this == VECTOR || this == IMAGE || this == RESULT;
        if (this != fitting && !(isOfFloats && fitting == VECTOR)) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot call " + function + ": these options make vectors of type "
                            + fitting.type().sql() + " (a function has one type). Call " + fitting.function()
                            + ", with the same arguments.");
        }
    }

    /** Of a full vector. */
    abstract Object of(Reduction reduction, float[] vector);

    /** Of a text that was embedded or refused. */
    Object of(Reduction reduction, Outcome outcome) {
        return outcome instanceof Outcome.Embedded embedded ? of(reduction, embedded.vector()) : null;
    }

    /** Of a text of white space alone. */
    Object ofBlank() {
        return null;
    }

    private static InternalRow row(Object vector, int tokens, boolean isTruncated, String error) {
        return new GenericInternalRow(new Object[] {vector, tokens, isTruncated, UTF8String.fromString(error)});
    }
}
