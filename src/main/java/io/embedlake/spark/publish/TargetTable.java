package io.embedlake.spark.publish;

import io.delta.tables.DeltaTable;
import io.delta.tables.DeltaTableBuilder;
import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.ReduceSpec;
import io.embedlake.config.TableRef;
import io.embedlake.spark.source.Columns;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Granularity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A snapshot of the table that gets the vector columns, taken when it was opened. Immutable; confined to the driver.
 *
 * @param table its name
 * @param rows its rows, when it exists
 * @param properties its properties
 */
public record TargetTable(TableRef table, Optional<Dataset<Row>> rows, Map<String, String> properties) {
    /** The property of a table that embedlake made as a copy of its source, and keeps as one. */
    static final String MIRROR = "embedlake.mirror";

    private static final String NOT_IN_NAMES = " ,;{}()\n\t=";

    public TargetTable {
        properties = Map.copyOf(properties);
    }

    /**
     * Opens a target.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when it is there and is no Delta table
     */
    public static TargetTable open(Tables tables, TableRef table) {
        if (!tables.exists(table)) {
            return new TargetTable(table, Optional.empty(), Map.of());
        }
        return new TargetTable(table, Optional.of(tables.read(table)), tables.properties(table));
    }

    /**
     * The columns of a copy of a table, without some: names, types and comments. What the table asks of new values, such as a default, is
     * its own.
     */
    static StructType copy(StructType source, List<String> without) {
        StructType copy = new StructType();
        for (StructField field : source.fields()) {
            if (without.stream().noneMatch(field.name()::equalsIgnoreCase)) {
                StructField plain =
                        new StructField(field.name(), field.dataType().asNullable(), true, Metadata.empty());
                copy = copy.add(
                        field.getComment().isDefined()
                                ? plain.withComment(field.getComment().get())
                                : plain);
            }
        }
        return copy;
    }

    /**
     * Makes a target without rows that is kept as a copy of its source.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when it cannot be made
     */
    static void make(Tables tables, TableRef table, StructType columns, Map<String, String> properties) {
        tables.make(table, () -> {
            DeltaTableBuilder builder = DeltaTable.create(tables.spark())
                    .tableName(table.sql())
                    .addColumns(columns)
                    .property(MIRROR, "true");
            if (table instanceof TableRef.FilePath files) {
                builder = builder.location(files.location());
            }
            for (Map.Entry<String, String> property : properties.entrySet()) {
                builder = builder.property(property.getKey(), property.getValue());
            }
            builder.execute();
        });
    }

    /** Its columns; none when it does not exist. */
    public StructType columns() {
        return rows.map(Dataset::schema).orElseGet(StructType::new);
    }

    /** Whether embedlake made it as a copy of its source. */
    boolean isMirror() {
        return "true".equals(properties.get(MIRROR));
    }

    /** What made a column of it; nothing when there is no such column, or embedlake did not make it. */
    public Optional<Provenance> provenance(String column) {
        return Columns.find(columns(), column).flatMap(field -> Provenance.read(field, properties));
    }

    /** The reducer that is coming in place of the one that made a column, while it is. */
    public Optional<String> comingReducer(String column) {
        return Optional.ofNullable(properties.get(Provenance.announcedProperty(column)))
                .filter(coming -> provenance(column)
                        .filter(made -> !made.reducer().equals(coming))
                        .isPresent());
    }

    /** The type of a vector column. */
    public static String type(Granularity granularity, ReduceSpec.Codes codes) {
        return granularity == Granularity.TOKEN
                ? "ARRAY<STRUCT<start: INT, end: INT, vector: " + codes.type() + ">>"
                : codes.type();
    }

    /** Whether a column is of a type, null or not. */
    private static boolean isOf(String type, DataType column) {
        return column.catalogString().equals(DataType.fromDDL(type).catalogString());
    }

    /**
     * Makes sure that the vector columns of an embedding are absent, or were made as they would be made now.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} otherwise
     */
    public void requireFits(EmbeddingSpec embedding, EmbedderSpec spec) {
        ReduceSpec reduce = embedding.reduce();
        requireFits(embedding.column(), type(spec.granularity(), reduce.codes()), Provenance.of(spec, reduce.label()));
        embedding
                .fullColumn()
                .ifPresentOrElse(
                        full -> requireFits(
                                full,
                                type(spec.granularity(), ReduceSpec.Codes.NONE),
                                Provenance.of(spec, Provenance.NO_REDUCER)),
                        () -> requireNone(EmbeddingSpec.nameOfFullColumn(embedding.column())));
    }

    /** A column that an earlier job published would no longer follow its texts. */
    private void requireNone(String column) {
        if (provenance(column).isPresent()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot leave the column " + column + " of " + table
                            + " as it is: embedlake published it with reduce.keep-full (without, it would keep vectors of"
                            + " texts that have changed). Set reduce.keep-full to true, or drop the column.");
        }
    }

    /**
     * Makes sure that a column is absent, or holds vectors of this type that were made by the same model and reduction.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} otherwise
     */
    public void requireFits(String column, String type, Provenance vectors) {
        Optional<StructField> field = Columns.find(columns(), column);
        if (field.isEmpty()) {
            return;
        }
        String write = "Cannot write the column " + column + " of " + table + ": ";
        if (!isOf(type, field.get().dataType())) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    write + "it is of type " + field.get().dataType().sql() + " (its vectors are of type " + type
                            + "). Change the key column to a name that is free.");
        }
        Provenance made = provenance(column)
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        write + "it holds vectors that embedlake did not make (vectors of two origins are never mixed)."
                                + " Change the key column to a name that is free."));
        if (!made.fingerprint().equals(vectors.fingerprint())) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    write + "it holds vectors of " + made.model() + " with the fingerprint " + made.fingerprint()
                            + ", and the job makes vectors of " + vectors.model() + " with the fingerprint "
                            + vectors.fingerprint() + " (vectors of two fingerprints are never mixed)."
                            + " Change the key column to a name that is free, or set the embedding's keys as they were.");
        }
        if (!made.reduction().equals(vectors.reduction())) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    write + "its vectors were made short with " + made.reducer() + ", and the job asks for "
                            + vectors.reduction()
                            + " (vectors of two reductions are never mixed). Change the key column to a name that is free,"
                            + " or set the keys of reduce as they were.");
        }
    }

    /**
     * Makes sure that a target that is not there yet can be made as a copy of the source.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when Delta cannot take one of the source's names
     */
    public void requireCreatable(StructType source) {
        for (String name : source.fieldNames()) {
            if (rows.isEmpty() && name.chars().anyMatch(character -> NOT_IN_NAMES.indexOf(character) >= 0)) {
                throw new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot make the table " + table + " as a copy of the source: the column " + name
                                + " (a Delta table's names have no space and none of ,;{}()=). Rename the column in the"
                                + " source, or make the target with the columns you want.");
            }
        }
    }

    /**
     * Makes sure that the columns that name a row are there.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when one is missing, or chunks of texts should be in a table that
     *     embedlake did not make for them
     */
    public void requireIds(TargetShape shape) {
        List<String> missing = shape.ids().stream()
                .filter(id -> rows.isPresent() && Columns.find(columns(), id).isEmpty())
                .collect(Collectors.toList());
        if (shape.chunks().isPresent() && rows.isPresent() && (!isMirror() || !missing.isEmpty())) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot write the chunks of long texts to " + table
                            + ": it was not made for them (with long-text split-rows embedlake makes the target, a row for each"
                            + " chunk). Name a table in target.table that is not there yet.");
        }
        if (!missing.isEmpty()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot find the rows of " + table + ": it has no column " + String.join(", ", missing)
                            + " (a target has the columns of source.id). Change source.id or target.table.");
        }
    }
}
