package io.embedlake.spark.store;

import io.embedlake.config.TableRef;
import io.embedlake.embed.EmbedlakeException;
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
                    .option("txnVersion", version);
            if (table instanceof TableRef.FilePath files) {
                writer.save(files.location());
            } else {
                writer.saveAsTable(table.sql());
            }
        });
    }
}
