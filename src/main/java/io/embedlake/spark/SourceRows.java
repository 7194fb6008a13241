package io.embedlake.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.store.VectorStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of a job's source, with what the job derives from them: the ids, and for each embedding the text
 * and its hash. Immutable; lazy.
 *
 * <p>Each query sees the newest version of the source; a row that comes or changes between two of them is made right by the
 * next run.
 *
 * <p>Derived columns begin with {@value #PREFIX}, so that they never meet a user's column. A row that the source's
 * {@code where} leaves out has null texts and hashes.
 */
final class SourceRows {
    static final String PREFIX = "__embedlake_";

    private static final String SELECTED = PREFIX + "selected";

    private final Dataset<Row> rows;
    private final StructType columns;
    private final int ids;
    private final boolean inPlace;
    private final List<String> hashExpressions;

    private SourceRows(Dataset<Row> rows, StructType columns, int ids, boolean inPlace, List<String> hashExpressions) {
        this.rows = rows;
        this.columns = columns;
        this.ids = ids;
        this.inPlace = inPlace;
        this.hashExpressions = hashExpressions;
    }

    /**
     * Reads a source and checks that the job fits its columns. Looks at no row.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when it cannot be read, {@link ErrorKind#CONFIGURATION} when it
     *     lacks what the job names
     */
    static SourceRows read(Tables tables, JobSpec job) {
        Dataset<Row> table = tables.read(job.source().table());
        StructType columns = table.schema();
        List<Column> derived = new ArrayList<>(List.of(col("*")));
        for (int i = 0; i < job.source().id().size(); i++) {
            derived.add(col(idColumn(job.source().id().get(i), columns)).as(id(i)));
        }
        List<String> hashes = new ArrayList<>();
        for (int i = 0; i < job.embeddings().size(); i++) {
            EmbeddingSpec embedding = job.embeddings().get(i);
            String key = "embeddings[" + i + "].attribute";
            AttributeSql sql = embedding.readsRows()
                    ? AttributeSql.ofRow(embedding.attribute(), columns, key)
                    : AttributeSql.of(embedding.attribute(), columns, key);
            hashes.add(sql.hash());
            derived.add(when(col(SELECTED), expr(sql.text())).as(text(i)));
            derived.add(when(col(SELECTED), expr(sql.hash())).as(hash(i)));
        }
        Dataset<Row> rows = table.withColumn(SELECTED, selected(table, job)).select(derived.toArray(Column[]::new));
        boolean inPlace = job.isInPlace();
        return new SourceRows(rows, columns, job.source().id().size(), inPlace, hashes);
    }

    /** The derived column with a part of the id. */
    static String id(int part) {
        return PREFIX + "id_" + part;
    }

    /** The derived column with an embedding's text. */
    static String text(int embedding) {
        return PREFIX + "text_" + embedding;
    }

    /** The derived column with the hash of an embedding's text. */
    static String hash(int embedding) {
        return PREFIX + "hash_" + embedding;
    }

    /** The source's own columns. */
    StructType columns() {
        return columns;
    }

    /** The derived columns that together are the id. */
    List<String> ids() {
        return IntStream.range(0, ids).mapToObj(SourceRows::id).toList();
    }

    /**
     * What a published row depends on: the id and the hash of an embedding's text and, where the target is a table of its own
     * that may be a copy of the source, the other columns too.
     */
    Column[] published(int embedding) {
        List<Column> published = new ArrayList<>();
        ids().forEach(id -> published.add(col(id)));
        published.add(col(hash(embedding)));
        if (!inPlace) {
            Arrays.stream(columns.fields())
                    .filter(Columns::isComparable)
                    .forEach(field -> published.add(col(Columns.quoted(field.name()))));
        }
        return published.toArray(Column[]::new);
    }

    /** The id as a person would write it. */
    Column readableId() {
        return concat_ws(",", ids().stream().map(id -> col(id).cast("string")).toArray(Column[]::new));
    }

    /** An expression over the source's own columns that gives the hash of an embedding's text. */
    String hashExpression(int embedding) {
        return hashExpressions.get(embedding);
    }

    /** Every row of the source. */
    Dataset<Row> all() {
        return rows;
    }

    /** The rows that the job is about. */
    Dataset<Row> selected() {
        return rows.where(col(SELECTED));
    }

    /** The texts of an embedding, as often as they come: {@code content_hash, text}. */
    Dataset<Row> texts(int embedding) {
        return selected()
                .select(
                        col(hash(embedding)).as(VectorStore.CONTENT_HASH),
                        col(text(embedding)).as("text"))
                .where(col(VectorStore.CONTENT_HASH).isNotNull());
    }

    /**
     * Makes sure that every row has an id of its own.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when one has none, or shares it
     */
    void requireUniqueIds(Dataset<Row> checked, String idKey) {
        Column[] idColumns =
                ids().stream().map(org.apache.spark.sql.functions::col).toArray(Column[]::new);
        Column incomplete =
                ids().stream().map(id -> col(id).isNull()).reduce(Column::or).orElseThrow();
        Row found = checked.groupBy(idColumns)
                .agg(count(lit(1)).as("rows"))
                .agg(sum(when(incomplete, col("rows")).otherwise(lit(0))), max(col("rows")))
                .first();
        if (!found.isNullAt(0) && found.getLong(0) > 0) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot tell the source's rows apart: " + found.getLong(0) + " rows have a null in source.id = "
                            + idKey
                            + " (an id is never null). Name other columns in source.id, or leave such rows out with"
                            + " source.where.");
        }
        if (!found.isNullAt(1) && found.getLong(1) > 1) {
            String repeated = checked.groupBy(idColumns)
                    .agg(count(lit(1)).as("rows"))
                    .select(readableId(), col("rows"))
                    .orderBy(col("rows").desc())
                    .first()
                    .getString(0);
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot tell the source's rows apart: the id " + repeated + " appears " + found.getLong(1)
                            + " times in source.id = " + idKey
                            + " (an id names one row). Name other columns in source.id, or remove the duplicates.");
        }
    }

    private static Column selected(Dataset<Row> table, JobSpec job) {
        if (job.source().where().isEmpty()) {
            return lit(true);
        }
        String where = job.source().where().get();
        try {
            DataType type = table.select(expr(where)).schema().fields()[0].dataType();
            if (!(type instanceof BooleanType)) {
                throw new IllegalArgumentException("it is of type " + type.sql() + ", not BOOLEAN");
            }
            return expr("coalesce((" + where + "), false)");
        } catch (Exception e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use source.where: " + where + " (" + Failures.brief(e)
                            + "). Write a SQL condition on the source's columns.",
                    e);
        }
    }

    private static String idColumn(String name, StructType columns) {
        StructField field = Columns.find(columns, name)
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot read source.id: " + name + " (the source has no such column). "
                                + Columns.suggest(name, columns)));
        DataType type = field.dataType();
        if (type instanceof ArrayType || type instanceof MapType || type instanceof StructType) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use source.id: " + name + " is of type " + type.sql()
                            + " (an id is a single value such as a number or a string). Name another column.");
        }
        return Columns.quoted(field.name());
    }
}
