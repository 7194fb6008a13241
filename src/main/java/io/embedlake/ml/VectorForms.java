package io.embedlake.ml;

import io.embedlake.config.ReduceSpec;
import io.embedlake.reduce.Reduction;
import io.embedlake.reduce.quantize.ByteScales;
import io.embedlake.spark.job.RowEmbedding;
import io.embedlake.spark.source.Columns;
import io.embedlake.spark.sql.VectorColumns;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The types that columns of vectors have in Spark ML. Stateless. */
final class VectorForms {
    static final String ARRAY = "array";
    static final String VECTOR = "vector";

    private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, false);

    private VectorForms() {}

    /**
     * The schema with a column of short vectors.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the columns do not fit
     */
    static StructType with(StructType schema, String input, String output, DataType type) {
        inputType(schema, input);
        RowEmbedding.requireFree(schema, output);
        return schema.add(output, type, true);
    }

    /** The type of a column of vectors. */
    private static DataType inputType(StructType schema, String name) {
        StructField field = Columns.find(schema, name)
                .orElseThrow(() -> refused(name, "the data set has no such column", Columns.suggest(name, schema)));
        DataType type = field.dataType();
        boolean isNumbers = type instanceof ArrayType array
                && (array.elementType().equals(DataTypes.FloatType)
                        || array.elementType().equals(DataTypes.DoubleType));
        if (!isNumbers && !type.equals(SQLDataTypes.VectorType())) {
            throw refused(
                    name,
                    "it is of type " + type.sql()
                            + " (vectors are arrays of floats or doubles, or vectors of Spark ML)",
                    "Choose another column, or cast it.");
        }
        return type;
    }

    private static EmbedlakeException refused(String column, String why, String change) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION, "Cannot reduce the column " + column + ": " + why + ". " + change);
    }

    /**
     * A column of vectors as {@code array<float>}.
     *
     * @param length the length of the vectors; 0 where it is not known
     */
    static Column floats(Dataset<?> rows, String input, int length) {
        return VectorColumns.floats(rows.col(Columns.quoted(input)), inputType(rows.schema(), input), input, length);
    }

    /** Short vectors in their type. */
    static Column published(Column floats, Reduction reduction, String vectorType) {
        Column published = VectorColumns.published(floats, reduction);
        return vectorType.equals(VECTOR) ? VectorColumns.dense(published, SQLDataTypes.VectorType()) : published;
    }

    /**
     * The type of short vectors.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is no such type
     */
    static DataType type(String stage, ReduceSpec.Codes codes, String vectorType) {
        if (!vectorType.equals(ARRAY) && !vectorType.equals(VECTOR)) {
            throw refusedStage(stage, "vectorType is " + vectorType, ARRAY + " or " + VECTOR);
        }
        if (codes != ReduceSpec.Codes.NONE && vectorType.equals(VECTOR)) {
            throw refusedStage(
                    stage, "vectorType is " + VECTOR + " and quantize " + codes, "codes are no vectors of Spark ML");
        }
        return switch (codes) {
            case NONE -> vectorType.equals(VECTOR) ? SQLDataTypes.VectorType() : FLOATS;
            case INT8 -> DataTypes.createArrayType(DataTypes.ByteType, false);
            case BINARY, PACKED -> DataTypes.BinaryType;
        };
    }

    /** The same of a fitted reduction, whose codes of bits are all binary. */
    static DataType type(String stage, Reduction reduction, String vectorType) {
        ReduceSpec.Codes codes = reduction
                .quantizer()
                .map(quantizer -> quantizer instanceof ByteScales ? ReduceSpec.Codes.INT8 : ReduceSpec.Codes.PACKED)
                .orElse(ReduceSpec.Codes.NONE);
        return type(stage, codes, vectorType);
    }

    static EmbedlakeException refusedStage(String stage, String what, String rule) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot reduce vectors with the stage " + stage + ": " + what + " (" + rule + "). Correct it.");
    }
}
