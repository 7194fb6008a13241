package io.embedlake.benchmark;

import io.embedlake.spark.Sessions;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Makes and changes the large tables of {@code benchmark/scale}: short distinct texts, or texts of which many repeat.
 *
 * <p>Arguments: {@code make FOLDER ROWS DISTINCT}, or {@code change FOLDER EVERY}, which changes the text of every n-th row.
 */
public final class ScaleTable {
    private ScaleTable() {}

    public static void main(String[] arguments) {
        String table = "delta.`" + Path.of(arguments[1]).toAbsolutePath() + "`";
        try (SparkSession spark = Sessions.open("scale", Map.of(), System.getenv())) {
            spark.sql(
                    arguments[0].equals("make")
                            ? "CREATE TABLE " + table + " USING delta AS SELECT id, "
                                    + MadeUpReviews.text("id % " + arguments[3] + "L") + ", id % 10 AS stars FROM"
                                    + " range(" + arguments[2] + ")"
                            : "UPDATE " + table + " SET text = concat(text, ' after all') WHERE id % " + arguments[2]
                                    + " = 0");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
