package io.embedlake.spark.search;

import static org.apache.spark.sql.functions.col;

import io.embedlake.reduce.quantize.Quantizer;
import io.embedlake.spark.sql.VectorColumns;
import io.embedlake.spark.store.Failures;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Finds the rows of a table whose vectors are most similar to a query. Confined to the driver.
 *
 * <p>Every row is read once, in one query; each partition keeps its best {@code k}, and only these go to the driver.
 */
public final class Search {
    /** The column of the result that holds the cosine similarity. */
    public static final String SCORE = "score";

    private static final String SCORED = "__embedlake_score";

    private Search() {}

    /**
     * How rows are scored.
     *
     * @param vector the vector column; rows where it is null are passed over
     * @param query {@code [dimension]}, reduced like the column's vectors
     * @param quantizer the quantizer of the column's vectors, if they are quantized
     */
    public record Scoring(String vector, float[] query, Optional<Quantizer> quantizer) {
        private Column score() {
            return VectorColumns.similarity(quoted(vector), query, quantizer);
        }
    }

    /**
     * The nearest rows, best first and those of the same score by their ids: the score, then the table's columns but for its vectors.
     *
     * @param table the rows
     * @param ids the columns that name a row
     * @param scoring how they are scored
     * @param k how many rows, at least 1
     * @param where a SQL condition that rows must meet
     */
    public static Dataset<Row> nearest(
            Dataset<Row> table, List<String> ids, Scoring scoring, int k, Optional<String> where) {
        return shown(table, best(filtered(table, where), ids, scoring, k));
    }

    /**
     * The nearest rows, found by one column and ranked again by another.
     *
     * @param candidates how many rows the first column proposes
     */
    public static Dataset<Row> nearest(
            Dataset<Row> table,
            List<String> ids,
            Scoring proposing,
            int candidates,
            Scoring ranking,
            int k,
            Optional<String> where) {
        Dataset<Row> proposed = best(filtered(table, where), ids, proposing, Math.max(k, candidates));
        return shown(table, best(proposed, ids, ranking, k));
    }

    private static Dataset<Row> best(Dataset<Row> rows, List<String> ids, Scoring scoring, int k) {
        Column[] order = Stream.concat(
                        Stream.of(col(SCORED).desc()), ids.stream().map(Search::quoted))
                .toArray(Column[]::new);
        return rows.where(quoted(scoring.vector()).isNotNull())
                .withColumn(SCORED, scoring.score())
                .orderBy(order)
                .limit(k);
    }

    private static Dataset<Row> shown(Dataset<Row> table, Dataset<Row> best) {
        Stream<Column> shown = shown(table.schema()).stream().map(field -> quoted(field.name()));
        return best.select(
                Stream.concat(Stream.of(col(SCORED).as(SCORE)), shown).toArray(Column[]::new));
    }

    /** The columns of a table that are shown. */
    static List<StructField> shown(StructType table) {
        return Arrays.stream(table.fields()).filter(field -> !isVector(field)).toList();
    }

    /** Whether a column holds what no person reads: float vectors, and what embedlake has made of them. */
    private static boolean isVector(StructField field) {
        return field.dataType().catalogString().contains("array<float>")
                || field.metadata().contains("embedlake.reducer");
    }

    /**
     * The rows that meet a condition.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is none on the table's columns
     */
    public static Dataset<Row> filtered(Dataset<Row> table, Optional<String> where) {
        if (where.isEmpty()) {
            return table;
        }
        try {
            return table.where(where.get());
        } catch (Exception e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the condition " + where.get() + " (" + Failures.brief(e)
                            + "). Write a SQL condition on the table's columns.",
                    e);
        }
    }

    static Column quoted(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }
}
