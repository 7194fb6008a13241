package io.embedlake.spark.sql;

import io.embedlake.ivf.Directions;
import io.embedlake.reduce.quantize.ByteScales;
import io.embedlake.reduce.quantize.Quantizer;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ObjectType;
import scala.jdk.javaapi.CollectionConverters;

/** Vectors of length 1 as they travel between tasks: little-endian floats, which Spark moves without looking at each. Stateless. */
public final class UnitVectors {
    private UnitVectors() {}

    /**
     * The directions of vectors, {@code binary}. Null where a vector is null, zero, or has a value that is null or not finite. A query with
     * a vector of another length fails.
     *
     * @param vector {@code array<float>}, or quantized where there is a quantizer
     * @param name the column's name, for messages
     * @param length the length of the decoded vectors; 0 where it is not known
     */
    public static Column of(Column vector, Optional<Quantizer> quantizer, String name, int length) {
        Kernel kernel = new Kernel(name, quantizer.orElse(null), length);
        String method =
                quantizer.isEmpty() ? "ofFloats" : quantizer.get() instanceof ByteScales ? "ofArray" : "ofBinary";
        return ExpressionUtils.column(new Invoke(
                Literal.fromObject(kernel, new ObjectType(Kernel.class)),
                method,
                DataTypes.BinaryType,
                CollectionConverters.asScala(List.of(ExpressionUtils.expression(vector)))
                        .toSeq(),
                CollectionConverters.asScala(List.<org.apache.spark.sql.types.AbstractDataType>of())
                        .toSeq(),
                true,
                true,
                true));
    }

    /** The length of the vector of some bytes. */
    public static int length(byte[] bytes) {
        return bytes.length / Float.BYTES;
    }

    /** Writes the vector of some bytes into an array, from a position on. */
    public static void read(byte[] bytes, float[] into, int from) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(into, from, length(bytes));
    }

    /**
     * What generated code calls for each row; public for that alone. Immutable.
     *
     * @param column the column's name, for messages
     * @param quantizer the quantizer of the input, or null where it is not quantized
     * @param length the length of its vectors; 0 where it is not known
     */
    public record Kernel(String column, Quantizer quantizer, int length) implements Serializable {
        /** Of an {@code array<float>}. */
        public byte[] ofFloats(ArrayData vector) {
            for (int i = 0; i < vector.numElements(); i++) {
                if (vector.isNullAt(i)) {
                    return null;
                }
            }
            return of(vector.toFloatArray());
        }

        /** Of a vector quantized to numbers. */
        public byte[] ofArray(ArrayData codes) {
            return of(quantizer.decode(codes.toByteArray()));
        }

        /** Of a vector quantized to bytes. */
        public byte[] ofBinary(byte[] codes) {
            return of(quantizer.decode(codes));
        }

        private byte[] of(float[] vector) {
            if (length > 0 && vector.length != length) {
                throw new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot compare the column " + column + ": it has vectors of " + vector.length
                                + " values beside"
                                + " those of " + length
                                + " (vectors of different lengths are not compared). Correct such rows, or leave them out"
                                + " with a condition.");
            }
            return Directions.of(vector).map(Kernel::bytes).orElse(null);
        }

        private static byte[] bytes(float[] unit) {
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * unit.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(unit);
            return bytes.array();
        }
    }
}
