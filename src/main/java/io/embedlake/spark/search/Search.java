package io.embedlake.spark.search;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.spark.store.Failures;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Finds the rows of a table whose vectors are most similar to a query. Confined to the driver.
 *
 * <p>Every vector is looked at once; each partition keeps its best {@code k}, and the driver gets those only. The other
 * columns are read for the winners alone.
 */
public final class Search {
    /** The column of the result that holds the cosine similarity. */
    public static final String SCORE = "score";

    private static final String PREFIX = "__embedlake_";
    private static final String KEY = PREFIX + "key";
    private static final String WINNER = PREFIX + "winner";

    /** Ids pass through JSON, and their times must come back to the microsecond. */
    private static final Map<String, String> JSON = Map.of(
            "timestampFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX",
            "timestampNTZFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSS");

    private Search() {}

    /**
     * The nearest rows, best first: the score, then the table's columns but for its vectors.
     *
     * @param table the rows
     * @param ids the columns that name a row
     * @param vector the vector column; rows where it is null are passed over
     * @param query {@code [dimension]}
     * @param k how many rows, at least 1
     * @param where a SQL condition that rows must meet
     */
    public static Dataset<Row> nearest(
            Dataset<Row> table, List<String> ids, String vector, float[] query, int k, Optional<String> where) {
        Dataset<Row> rows = where.map(condition -> filtered(table, condition)).orElse(table);
        Column[] idColumns = ids.stream().map(Search::quoted).toArray(Column[]::new);
        Dataset<Row> best = rows.where(quoted(vector).isNotNull())
                .select(
                        to_json(struct(idColumns), JSON).as("key"),
                        quoted(vector).as("vector"))
                .as(Encoders.bean(KeyedVector.class))
                .mapPartitions(new TopK(query, k), Encoders.row(TopK.SCHEMA))
                .orderBy(col(SCORE).desc(), col("key"))
                .limit(k);
        Dataset<Row> winners = best.sparkSession().createDataFrame(best.collectAsList(), TopK.SCHEMA);
        StructType idType = table.select(idColumns).schema();
        Dataset<Row> keyed = winners.select(
                col(SCORE).as(PREFIX + SCORE),
                col("key").as(KEY),
                from_json(col("key"), idType, JSON).as(WINNER));
        Column sameId = ids.stream()
                .map(id -> quoted(id).equalTo(col(WINNER).getField(id)))
                .reduce(Column::and)
                .orElseThrow();
        Column[] shown = Arrays.stream(table.schema().fields())
                .filter(field -> !field.dataType().catalogString().contains("array<float>"))
                .map(field -> quoted(field.name()))
                .toArray(Column[]::new);
        Column[] all = new Column[shown.length + 1];
        all[0] = col(PREFIX + SCORE).as(SCORE);
        System.arraycopy(shown, 0, all, 1, shown.length);
        return rows.join(broadcast(keyed), sameId)
                .orderBy(col(PREFIX + SCORE).desc(), col(KEY))
                .select(all);
    }

    private static Dataset<Row> filtered(Dataset<Row> table, String condition) {
        try {
            return table.where(condition);
        } catch (Exception e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use --where " + condition + " (" + Failures.brief(e)
                            + "). Write a SQL condition on the table's columns.",
                    e);
        }
    }

    private static Column quoted(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }
}
