package io.embedlake.spark.sql;

import io.embedlake.ivf.Cells;
import io.embedlake.reduce.NoReduction;
import io.embedlake.reduce.Reducer;
import io.embedlake.reduce.Reduction;
import io.embedlake.reduce.quantize.ByteScales;
import io.embedlake.reduce.quantize.FloatBytes;
import io.embedlake.reduce.quantize.Quantizer;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.UnwrapUDT;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ObjectType;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Columns that are computed from columns of vectors, straight on Spark's own arrays: no value is boxed, and what is null stays null.
 * Stateless.
 */
public final class VectorColumns {
    private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, false);
    private static final DataType BYTES = DataTypes.createArrayType(DataTypes.ByteType, false);

    private static final DataType CELL =
            new StructType().add("cell", DataTypes.IntegerType).add("cosine", DataTypes.FloatType);

    private VectorColumns() {}

    /**
     * Vectors of another origin as {@code array<float>}. A query with one that has a null, a value that is not finite, or a wrong length
     * fails.
     *
     * @param vector of the type
     * @param type {@code array<float>}, {@code array<double>} or the vectors of Spark ML
     * @param name the column's name, for messages
     * @param length the length of the vectors; 0 where it is not known
     */
    public static Column floats(Column vector, DataType type, String name, int length) {
        VectorKernels.Floats kernel = new VectorKernels.Floats(name, length);
        if (!(type instanceof ArrayType array)) {
            Expression struct = new UnwrapUDT(ExpressionUtils.expression(vector));
            return invoke(kernel, "ofVector", FLOATS, ExpressionUtils.column(struct));
        }
        return invoke(
                kernel, array.elementType().equals(DataTypes.DoubleType) ? "ofDoubles" : "ofFloats", FLOATS, vector);
    }

    /**
     * Vectors that are bytes, as {@code array<float>}.
     *
     * @param bytes {@code binary}, as {@link FloatBytes} has them
     */
    public static Column ofBytes(Column bytes) {
        return invoke(new VectorKernels.OfBytes(), "apply", FLOATS, bytes);
    }

    /**
     * Vectors of Spark ML.
     *
     * @param vector {@code array<float>}
     * @param type Spark's type of them
     */
    public static Column dense(Column vector, DataType type) {
        return invoke(new VectorKernels.Dense(), "apply", type, vector);
    }

    /**
     * The published form of full vectors: reduced, and quantized where the reduction says so.
     *
     * @param vector {@code array<float>}
     */
    public static Column published(Column vector, Reduction reduction) {
        Column reduced = reduction.reducer() instanceof NoReduction ? vector : reduced(vector, reduction.reducer());
        return reduction.quantizer().map(quantizer -> coded(reduced, quantizer)).orElse(reduced);
    }

    /**
     * Shorter vectors, {@code array<float>}.
     *
     * @param vector {@code array<float>}
     */
    public static Column reduced(Column vector, Reducer reducer) {
        return invoke(new VectorKernels.Reduce(reducer), "apply", FLOATS, vector);
    }

    /**
     * The squared reconstruction error of reduced vectors, {@code double}.
     *
     * @param vector {@code array<float>}
     */
    public static Column squaredError(Column vector, Reducer reducer) {
        return invoke(new VectorKernels.SquaredError(reducer), "apply", DataTypes.DoubleType, vector);
    }

    /**
     * Quantized vectors: {@code array<tinyint>} of scaled bytes, else {@code binary}.
     *
     * @param vector short vectors, {@code array<float>}
     */
    public static Column coded(Column vector, Quantizer quantizer) {
        return quantizer instanceof ByteScales
                ? invoke(new VectorKernels.Encode(quantizer), "toArray", BYTES, vector)
                : invoke(new VectorKernels.Encode(quantizer), "toBinary", DataTypes.BinaryType, vector);
    }

    /**
     * Published vectors as {@code binary}.
     *
     * @param vector of the published type
     * @param quantizer what its bytes mean: the column's quantizer, or {@link FloatBytes} of an {@code array<float>}
     */
    public static Column bytes(Column vector, Quantizer quantizer) {
        if (quantizer instanceof ByteScales) {
            return invoke(new VectorKernels.Bytes(), "of", DataTypes.BinaryType, vector);
        }
        return quantizer instanceof FloatBytes ? coded(vector, quantizer) : vector;
    }

    /**
     * The cells of vectors: {@code struct<cell: int, cosine: float>}; {@link Cells#NONE} and 0 of a vector without direction.
     *
     * @param vector {@code binary}
     * @param quantizer what its bytes mean
     */
    public static Column cell(Column vector, Cells cells, Quantizer quantizer) {
        return invoke(new VectorKernels.CellOf(cells, quantizer), "apply", CELL, vector);
    }

    /**
     * Cosine similarities of bytes to a query, {@code double}; 0 where one of both has no direction: zero, or with a value that is not a number.
     *
     * @param vector {@code binary}
     * @param quantizer what its bytes mean
     */
    public static Column similarityOfBytes(Column vector, float[] query, Quantizer quantizer) {
        return invoke(new VectorKernels.Similarity(query, quantizer), "ofBinary", DataTypes.DoubleType, vector);
    }

    /**
     * Cosine similarities to a query, {@code double}; 0 where one of both has no direction: zero, or with a value that is not a number.
     *
     * @param vector {@code array<float>}, or quantized where there is a quantizer
     * @param query {@code [dimension]}
     */
    public static Column similarity(Column vector, float[] query, Optional<Quantizer> quantizer) {
        VectorKernels.Similarity kernel = new VectorKernels.Similarity(query, quantizer.orElse(null));
        String method =
                quantizer.isEmpty() ? "ofFloats" : quantizer.get() instanceof ByteScales ? "ofArray" : "ofBinary";
        return invoke(kernel, method, DataTypes.DoubleType, vector);
    }

    private static Column invoke(Object kernel, String method, DataType type, Column argument) {
        Expression target = Literal.fromObject(kernel, new ObjectType(kernel.getClass()));
        return ExpressionUtils.column(new Invoke(
                target,
                method,
                type,
                CollectionConverters.asScala(List.of(ExpressionUtils.expression(argument)))
                        .toSeq(),
                CollectionConverters.asScala(List.<org.apache.spark.sql.types.AbstractDataType>of())
                        .toSeq(),
                true,
                false,
                true));
    }
}
