package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.parquet.column.ColumnReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Columns of single values as Parquet files have them, and as rows of Spark do. Immutable; travels to executors. */
public final class ParquetColumns implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Of a CHAR, whose values Spark fills up with blanks when it reads them. */
    private static final String CHAR = "__CHAR_VARCHAR_TYPE_STRING";

    private final StructField[] fields;
    private final ParquetValue[] values;

    private ParquetColumns(StructField[] fields, ParquetValue[] values) {
        this.fields = fields;
        this.values = values;
    }

    /** Columns to be read; nothing where the values of one are not read by themselves. */
    public static Optional<ParquetColumns> of(List<StructField> fields) {
        boolean areRead = fields.stream()
                .allMatch(field -> ParquetValue.of(field.dataType()).isPresent()
                        && !field.metadata().contains(CHAR));
        return areRead
                ? Optional.of(new ParquetColumns(
                        fields.toArray(StructField[]::new),
                        fields.stream()
                                .map(field -> ParquetValue.of(field.dataType()).orElseThrow())
                                .toArray(ParquetValue[]::new)))
                : Optional.empty();
    }

    /** How many there are. */
    public int count() {
        return fields.length;
    }

    /** Their names, in their order. */
    public List<String> names() {
        return IntStream.range(0, count()).mapToObj(i -> fields[i].name()).toList();
    }

    /** The value that a reader of a column stands at, of the type in {@link #read}; null where there is none. */
    public Object value(int column, ColumnReader reader) {
        return values[column].get(reader);
    }

    /** A value of a column in Parquet's plain encoding, where it is a whole number; nothing where there is none. */
    OptionalLong number(int column, ByteBuffer plain) {
        return values[column].isNumber() ? ParquetValue.number(plain) : OptionalLong.empty();
    }

    /** The columns with the types of what is read. */
    public StructType read() {
        StructType read = new StructType();
        for (int i = 0; i < count(); i++) {
            read = read.add(fields[i].name(), values[i].read(fields[i].dataType()));
        }
        return read;
    }

    /** What was read, as values of the columns' own types and under their names. */
    public List<Column> own() {
        return IntStream.range(0, count())
                .mapToObj(i -> values[i]
                        .as(col("`" + fields[i].name().replace("`", "``") + "`"), fields[i].dataType())
                        .as(fields[i].name()))
                .toList();
    }

    /** To the next row; a value that was not read must be skipped, and one that was read may be. */
    public static void next(ColumnReader reader) {
        if (reader.getCurrentDefinitionLevel() == reader.getDescriptor().getMaxDefinitionLevel()) {
            reader.skip();
        }
        reader.consume();
    }
}
