package io.embedlake.sql.function;

import io.embedlake.spi.Outcome;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** What a query gets of an embedded text, as Spark's own rows have it. */
public enum EmbeddedValue {
    /** The vector: null where there is none. */
    VECTOR(DataTypes.createArrayType(DataTypes.FloatType, false)) {
        @Override
        Object of(Outcome outcome) {
            return outcome instanceof Outcome.Embedded embedded ? array(embedded) : null;
        }

        @Override
        Object ofBlank() {
            return null;
        }
    },
    /** The vector with what became of the text: {@code error} says why there is none. */
    RESULT(new StructType()
            .add("vector", DataTypes.createArrayType(DataTypes.FloatType, false))
            .add("tokens", DataTypes.IntegerType)
            .add("truncated", DataTypes.BooleanType)
            .add("error", DataTypes.StringType)) {
        @Override
        Object of(Outcome outcome) {
            return outcome instanceof Outcome.Embedded embedded
                    ? row(array(embedded), embedded.tokens(), embedded.truncated(), null)
                    : row(null, 0, false, ((Outcome.Refused) outcome).reason());
        }

        @Override
        Object ofBlank() {
            return row(null, 0, false, "the text is blank");
        }
    };

    private final DataType type;

    EmbeddedValue(DataType type) {
        this.type = type;
    }

    /** Of the column. */
    public DataType type() {
        return type;
    }

    /** Of a text that was embedded or refused. */
    abstract Object of(Outcome outcome);

    /** Of a text of white space alone. */
    abstract Object ofBlank();

    private static UnsafeArrayData array(Outcome.Embedded embedded) {
        return UnsafeArrayData.fromPrimitiveArray(embedded.vector());
    }

    private static InternalRow row(UnsafeArrayData vector, int tokens, boolean isTruncated, String error) {
        return new GenericInternalRow(new Object[] {vector, tokens, isTruncated, UTF8String.fromString(error)});
    }
}
