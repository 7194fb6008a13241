package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;

import io.embedlake.config.TableRef;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.Fingerprint;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** What all of embedlake's own tables have in common: made by the first job that needs them, appended to idempotently. Stateless. */
public final class StoreTable {
    private static final StructType HASHES = StructType.fromDDL("content_hash STRING NOT NULL");

    private StoreTable() {}

    /**
     * Makes a table when it is missing.
     *
     * @param definition what follows the table's name in {@code CREATE TABLE}
     */
    public static void create(Tables tables, TableRef table, String definition) {
        tables.make(table, () -> tables.spark().sql("CREATE TABLE " + table.sql() + " " + definition));
    }

    /**
     * Makes a table with entries of texts, clustered for the look-up by fingerprint and content hash.
     *
     * @param columns its own columns, between the keys and the columns for the time and run of writing
     * @param properties what follows in the statement
     */
    static void createClustered(Tables tables, TableRef table, String columns, String comment, String properties) {
        create(
                tables,
                table,
                "(fingerprint STRING NOT NULL, content_hash STRING NOT NULL, " + columns
                        + ", run_id STRING NOT NULL, created_at TIMESTAMP NOT NULL)"
                        + " USING delta CLUSTER BY (fingerprint, content_hash) COMMENT '" + comment + "'" + properties);
    }

    /**
     * The content hashes of a fingerprint in a table so made, none when it is missing; a hash may come more than once. Where there are
     * surely none, the plan is empty, so that Spark omits joins with it.
     */
    static Dataset<Row> hashes(Tables tables, TableRef table, Fingerprint fingerprint) {
        if (tables.isKnownEmpty(table)) {
            return tables.spark().createDataFrame(List.of(), HASHES);
        }
        return tables.read(table)
                .where(col("fingerprint").equalTo(fingerprint.hash()))
                .select("content_hash");
    }

    /**
     * The rows of some texts.
     *
     * @param rows entries of texts
     * @param hashes the texts: {@code content_hash}
     */
    static Dataset<Row> among(Dataset<Row> rows, Dataset<Row> hashes) {
        return rows.join(hashes.select("content_hash"), new String[] {"content_hash"}, "left_semi");
    }

    /** Appends rows in one commit. */
    static void append(TableRef table, Dataset<Row> rows) {
        append(table, rows, Map.of());
    }

    /**
     * Appends rows in one commit.
     *
     * @param application who appends; with the version it names the commit, and a second one of that name does nothing
     */
    public static void append(TableRef table, Dataset<Row> rows, String application, long version) {
        append(table, rows, Map.of("txnAppId", application, "txnVersion", String.valueOf(version)));
    }

    /**
     * Appends a row unless there is one of its name. When another job was faster, its row is there and this one is not.
     *
     * @param application what the row belongs to; with the version it is the row's name
     */
    static void appendIfFirst(
            Tables tables, TableRef table, Row row, StructType schema, String application, long version) {
        try {
            append(table, tables.spark().createDataFrame(List.of(row), schema), application, version);
        } catch (EmbedlakeException e) {
            if (!Failures.isContention(e)) {
                throw e;
            }
            // The other job's row is there now.
        }
    }

    private static void append(TableRef table, Dataset<Row> rows, Map<String, String> options) {
        Failures.on("write the table " + table, "Check that it can be written.", () -> {
            var writer = rows.write()
                    .format("delta")
                    .mode("append")
                    .options(options)
                    // A table that an older embedlake made gets the columns that have come since.
                    .option("mergeSchema", "true");
            if (table instanceof TableRef.FilePath files) {
                writer.save(files.location());
            } else {
                writer.saveAsTable(table.sql());
            }
        });
    }
}
