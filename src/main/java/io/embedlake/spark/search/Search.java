package io.embedlake.spark.search;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.embedlake.reduce.quantize.Quantizer;
import io.embedlake.spark.sql.VectorColumns;
import io.embedlake.spark.store.Failures;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Finds the rows of a table whose vectors are most similar to a query. Confined to the driver.
 *
 * <p>Every vector is read once; each partition keeps its best {@code k}, and only these go to the driver. The other
 * columns are read for the winners alone.
 */
public final class Search {
    /** The column of the result that holds the cosine similarity. */
    public static final String SCORE = "score";

    private static final String PREFIX = "__embedlake_";
    private static final String KEY = PREFIX + "key";
    private static final String WINNER = PREFIX + "winner";
    private static final StructType BEST =
            StructType.fromDDL(KEY + " STRING NOT NULL, " + PREFIX + SCORE + " DOUBLE NOT NULL");

    /** Ids pass through JSON, and their times must come back to the microsecond. */
    private static final Map<String, String> JSON = Map.of(
            "timestampFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX",
            "timestampNTZFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSS");

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
     * The nearest rows, best first: the score, then the table's columns but for its vectors.
     *
     * @param table the rows
     * @param ids the columns that name a row
     * @param scoring how they are scored
     * @param k how many rows, at least 1
     * @param where a SQL condition that rows must meet
     */
    public static Dataset<Row> nearest(
            Dataset<Row> table, List<String> ids, Scoring scoring, int k, Optional<String> where) {
        Dataset<Row> rows = where.map(condition -> filtered(table, condition)).orElse(table);
        return of(rows, ids, best(rows, ids, scoring, k), k);
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
        Dataset<Row> rows = where.map(condition -> filtered(table, condition)).orElse(table);
        Dataset<Row> proposed = keyed(rows, ids, best(rows, ids, proposing, Math.max(k, candidates)));
        return of(rows, ids, best(proposed, ids, ranking, k), k);
    }

    /** Rows by key with their scores: each partition keeps its best, which go to the driver. */
    private static List<Row> best(Dataset<Row> rows, List<String> ids, Scoring scoring, int k) {
        return rows.where(quoted(scoring.vector()).isNotNull())
                .select(
                        to_json(struct(columns(ids)), JSON).as(KEY),
                        scoring.score().as(PREFIX + SCORE))
                .orderBy(col(PREFIX + SCORE).desc(), col(KEY))
                .limit(k)
                .collectAsList();
    }

    /** The rows of these keys, with their scores. */
    private static Dataset<Row> keyed(Dataset<Row> rows, List<String> ids, List<Row> best) {
        StructType idType = rows.select(columns(ids)).schema();
        Dataset<Row> winners =
                rows.sparkSession().createDataFrame(best, BEST).withColumn(WINNER, from_json(col(KEY), idType, JSON));
        Column sameId = ids.stream()
                .map(id -> quoted(id).equalTo(col(WINNER).getField(id)))
                .reduce(Column::and)
                .orElseThrow();
        return rows.join(broadcast(winners), sameId);
    }

    private static Dataset<Row> of(Dataset<Row> rows, List<String> ids, List<Row> best, int k) {
        Column[] shown = Arrays.stream(rows.schema().fields())
                .filter(field -> !isVector(field))
                .map(field -> quoted(field.name()))
                .toArray(Column[]::new);
        Column[] all = new Column[shown.length + 1];
        all[0] = col(PREFIX + SCORE).as(SCORE);
        System.arraycopy(shown, 0, all, 1, shown.length);
        return keyed(rows, ids, best)
                .orderBy(col(PREFIX + SCORE).desc(), col(KEY))
                .limit(k)
                .select(all);
    }

    /** Whether a column holds what no person reads: float vectors, and what embedlake has made of them. */
    private static boolean isVector(StructField field) {
        return field.dataType().catalogString().contains("array<float>")
                || field.metadata().contains("embedlake.reducer");
    }

    private static Column[] columns(List<String> ids) {
        return ids.stream().map(Search::quoted).toArray(Column[]::new);
    }

    private static Dataset<Row> filtered(Dataset<Row> table, String condition) {
        try {
            return table.where(condition);
        } catch (Exception e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the condition " + condition + " (" + Failures.brief(e)
                            + "). Write a SQL condition on the table's columns.",
                    e);
        }
    }

    private static Column quoted(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }
}
