package io.embedlake.spark.neighbours;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.xxhash64;

import io.embedlake.config.TableRef;
import io.embedlake.reduce.quantize.Quantizer;
import io.embedlake.spark.publish.Provenance;
import io.embedlake.spark.publish.TargetTable;
import io.embedlake.spark.search.ColumnOrigin;
import io.embedlake.spark.search.Search;
import io.embedlake.spark.source.Columns;
import io.embedlake.spark.sql.UnitVectors;
import io.embedlake.spark.store.ReducerStore;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;

/**
 * A table of vectors in one version. Confined to the driver.
 *
 * @param side as it was asked for, with the column's own name and the names of its ids
 * @param rows the rows that meet the condition
 * @param made what made the vectors; nothing where embedlake did not
 * @param quantizer the quantizer of the vectors, if they are quantized
 */
record OpenSide(JoinSide side, Dataset<Row> rows, Optional<Provenance> made, Optional<Quantizer> quantizer) {
    /** Columns of {@link #units}. */
    static final String ID = "id";

    static final String HASH = "hash";
    static final String UNIT = "unit";

    private static final String CANNOT = "Cannot find neighbours: ";

    /** @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the table has no such vectors or ids */
    static OpenSide of(Tables tables, JoinSide asked) {
        TableRef table = asked.table();
        if (table.isFiles() || !tables.exists(table)) {
            throw refused("there is no table " + table, "vectors are read from tables", "Correct its name");
        }
        TargetTable target = TargetTable.open(tables, table);
        StructField field = Columns.find(target.columns(), asked.column())
                .orElseThrow(() -> refused(
                        table + " has no column " + asked.column(),
                        "vectors are in a column of the table",
                        Columns.suggest(asked.column(), target.columns()).replaceFirst("\\.$", "")));
        target.comingReducer(field.name()).ifPresent(coming -> {
            throw refused(
                    "the vectors of " + field.name() + " in " + table + " are being replaced by those of " + coming,
                    "vectors of two reductions are never compared",
                    "Start again when the run has ended, or start embed once more if it was stopped");
        });
        Optional<Provenance> made = target.provenance(field.name());
        List<String> ids = ids(tables, target, asked, field.name());
        Dataset<Row> rows = Search.filtered(tables.read(table, tables.newestVersion(table)), asked.where());
        return new OpenSide(
                new JoinSide(table, field.name(), ids, asked.where()),
                rows,
                made,
                quantizer(tables, target, field, made));
    }

    private static List<String> ids(Tables tables, TargetTable target, JoinSide asked, String column) {
        List<String> names = asked.ids().isEmpty()
                ? ColumnOrigin.ids(tables, target, column)
                        .orElseThrow(() -> refused(
                                "the columns that name a row of " + asked.table() + " are not known",
                                "the log of runs of its store does not say how " + column + " was made",
                                "Name them: id on the command line, id and in_id in SQL"))
                : asked.ids();
        return names.stream()
                .map(name -> Columns.find(target.columns(), name)
                        .filter(Columns::isComparable)
                        .orElseThrow(() -> refused(
                                asked.table() + " has no column " + name + " that names a row",
                                "ids are compared, which maps and variants are not",
                                "Name other columns"))
                        .name())
                .toList();
    }

    private static Optional<Quantizer> quantizer(
            Tables tables, TargetTable target, StructField field, Optional<Provenance> made) {
        String type = field.dataType().catalogString();
        if (type.equals("array<float>")) {
            return Optional.empty();
        }
        if (made.isEmpty() || !List.of("array<tinyint>", "binary").contains(type)) {
            throw refused(
                    "the column " + field.name() + " of " + target.table() + " is of type "
                            + field.dataType().sql(),
                    "a row has one vector: ARRAY<FLOAT>, or the bytes of a reduction of embedlake's",
                    "Name another column");
        }
        TableRef store = ColumnOrigin.store(target, field.name());
        ReducerStore reducers = new ReducerStore(tables, store);
        return reducers.saved().orElse(List.of()).stream()
                .filter(saved -> saved.column().target().equals(target.table())
                        && saved.column().column().equalsIgnoreCase(field.name())
                        && saved.fingerprint().equals(made.get().fingerprint())
                        && saved.name().equals(made.get().reducer()))
                .findFirst()
                .map(saved -> reducers.fit(saved).reduction().quantizer())
                .orElseThrow(() -> refused(
                        "the reducer " + made.get().reducer() + " of " + field.name() + " is not in the store " + store,
                        "it says what the bytes mean",
                        "Restore the store, or name a column of floats"));
    }

    /**
     * Makes sure that vectors of both sides mean the same.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} otherwise
     */
    void requireComparable(OpenSide other) {
        if (side.isOfSameRows(other.side)) {
            return;
        }
        if (made.isEmpty() != other.made.isEmpty()) {
            OpenSide foreign = made.isEmpty() ? this : other;
            throw refused(
                    "embedlake made the vectors of one table and not the column " + foreign.side.column() + " of "
                            + foreign.side.table(),
                    "vectors of two models are never compared",
                    "Name columns of the same model");
        }
        if (made.isEmpty()) {
            return;
        }
        Provenance one = made.get();
        Provenance two = other.made.get();
        if (!one.fingerprint().equals(two.fingerprint())) {
            throw refused(
                    this + " holds vectors of " + one.model() + " with the fingerprint " + one.fingerprint() + ", and "
                            + other + " of " + two.model() + " with the fingerprint " + two.fingerprint(),
                    "vectors of two models are never compared",
                    "Embed both by the same model with the same settings");
        }
        if (!one.reducer().equals(two.reducer()) || !isSameEverywhere(one.reducer())) {
            throw refused(
                    "the vectors of " + this + " were reduced with " + one.reducer() + ", and those of " + other
                            + " with " + two.reducer()
                            + (one.reducer().equals(two.reducer()) ? ", each fitted to its own column" : ""),
                    "vectors of two reductions are never compared",
                    "Publish full vectors with reduce.keep-full and name these columns, or reduce none of them");
        }
    }

    /** Whether a reduction is the same for all columns, because nothing of it is fitted. */
    private static boolean isSameEverywhere(String reducer) {
        return reducer.equals(Provenance.NO_REDUCER) || reducer.matches("truncate-\\d+( v\\d+)?");
    }

    /**
     * The vectors that have a direction, and those that have none: {@code id STRUCT, hash BIGINT, unit BINARY}.
     *
     * @param length the length of the vectors; 0 where it is not known
     */
    Dataset<Row> units(int length) {
        Column id = struct(
                side.ids().stream().map(name -> col(Columns.quoted(name))).toArray(Column[]::new));
        Column unit = UnitVectors.of(col(Columns.quoted(side.column())), quantizer, this.toString(), length);
        return rows.select(id.as(ID), unit.as(UNIT))
                .select(col(ID), xxhash64(col(ID)).as(HASH), col(UNIT));
    }

    /** How many rows meet the condition. */
    long count() {
        return rows.count();
    }

    /**
     * Makes sure that no two rows have the same id, of which only one would be in the result.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} otherwise
     */
    void requireDistinctIds() {
        Column[] ids =
                side.ids().stream().map(name -> col(Columns.quoted(name))).toArray(Column[]::new);
        if (!rows.groupBy(ids).count().where(col("count").gt(1)).isEmpty()) {
            throw refused(
                    "several rows of " + side.table() + " have the same " + String.join(", ", side.ids()),
                    "each row gets neighbours by its id",
                    "Name columns that tell all rows apart");
        }
    }

    static EmbedlakeException refused(String what, String rule, String change) {
        return new EmbedlakeException(ErrorKind.CONFIGURATION, CANNOT + what + " (" + rule + "). " + change + ".");
    }

    /** Such as {@code text_embedding of reviews}. */
    @Override
    public String toString() {
        return side.column() + " of " + side.table();
    }
}
