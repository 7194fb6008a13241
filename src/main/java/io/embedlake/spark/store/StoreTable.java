package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.embedlake.config.TableRef;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.Fingerprint;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What all of embedlake's own tables have in common: made once by whoever comes first, appended to idempotently. Stateless. */
final class StoreTable {
    private static final int CREATE_ATTEMPTS = 5;

    private StoreTable() {}

    /**
     * Makes a table when it is missing. Another job may be making it at the same moment: then its commit wins and this one
     * finds the table made.
     *
     * @param definition what follows the table's name in {@code CREATE TABLE}
     */
    static void create(Tables tables, TableRef table, String definition) {
        for (int attempt = 1; !tables.exists(table); attempt++) {
            try {
                tables.sql("create the table " + table, "CREATE TABLE IF NOT EXISTS " + table.sql() + " " + definition);
            } catch (EmbedlakeException e) {
                throw e;
            } catch (RuntimeException e) {
                if (attempt == CREATE_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /**
     * Makes a table of what is known of texts, clustered for the look-up by fingerprint and content hash.
     *
     * @param columns its own columns, between the keys and those that say when and by which run a row was written
     */
    static void createClustered(Tables tables, TableRef table, String columns, String comment) {
        create(
                tables,
                table,
                "(fingerprint STRING NOT NULL, content_hash STRING NOT NULL, " + columns
                        + ", run_id STRING NOT NULL, created_at TIMESTAMP NOT NULL)"
                        + " USING delta CLUSTER BY (fingerprint, content_hash) COMMENT '" + comment + "'");
    }

    /** The content hashes of a fingerprint in a table so made, none when it is missing; a hash may come more than once. */
    static Dataset<Row> hashes(Tables tables, TableRef table, Fingerprint fingerprint) {
        if (!tables.exists(table)) {
            return tables.spark().range(0).select(lit("").as("content_hash"));
        }
        return tables.read(table)
                .where(col("fingerprint").equalTo(fingerprint.hash()))
                .select("content_hash");
    }

    /**
     * Appends rows in one commit.
     *
     * @param application who appends; with the version it names the commit, and a second one of that name does nothing
     */
    static void append(TableRef table, Dataset<Row> rows, String application, long version) {
        Failures.on("write the table " + table, "Check that it can be written.", () -> {
            var writer = rows.write()
                    .format("delta")
                    .mode("append")
                    .option("txnAppId", application)
                    .option("txnVersion", version)
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
