package io.embedlake.spark.upkeep;

import io.embedlake.config.Setting;
import io.embedlake.config.TableRef;
import io.embedlake.spark.SessionCopies;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.TableFiles;
import io.embedlake.spark.store.Tables;
import java.util.Map;
import java.util.Optional;

/**
 * Makes large files of a table's small ones. Delta Lake's OPTIMIZE is one commit for as many bytes as a cube has: other writers may append
 * meanwhile, and when it is killed or in conflict with one that deletes, the table stays what it was. Confined to the driver.
 */
final class Compaction {
    /** So many small files are worth a compaction. */
    static final long MANY = 100;

    /** A run that has done its work clusters no more than this. */
    static final long MOST_BYTES = 8L << 30;

    /**
     * Clustered data of this size stays as it is when more comes: with Delta Lake's 100 GiB a store of half that size would be written
     * anew each time.
     */
    private static final long CUBE_BYTES = 1L << 30;

    private static final Map<String, Setting> SETTINGS = Map.of(
            "spark.databricks.delta.optimize.maxFileSize", literal(String.valueOf(256L << 20)),
            "spark.databricks.delta.optimize.clustering.mergeStrategy.minCubeSize.threshold",
                    literal(String.valueOf(CUBE_BYTES)),
            "spark.databricks.delta.optimize.clustering.mergeStrategy.minCubeSize.targetCubeSize",
                    literal(String.valueOf(2 * CUBE_BYTES)),
            "spark.databricks.io.skipping.mdc.sortWithinFiles", literal("true"),
            "spark.databricks.io.skipping.mdc.rangeId.max", literal("8192"));

    private static Setting literal(String value) {
        return new Setting.Literal(value, value);
    }

    private final Tables tables;

    Compaction(Tables tables) {
        this.tables = tables;
    }

    /** Whether small files have piled up, as far as Delta's log says without a Spark job. */
    boolean isDue(TableRef table) {
        return tables.files(table).filter(files -> files.small() >= MANY).isPresent();
    }

    /** Whether it is about little enough data to be done by the way. */
    boolean isSmall(TableRef table) {
        return tables.unclusteredBytes(table)
                .filter(bytes -> bytes <= MOST_BYTES)
                .isPresent();
    }

    /** Does it; empty when there is no such table. */
    Optional<CompactedStore.Table> of(TableRef table) {
        if (!tables.exists(table)) {
            return Optional.empty();
        }
        Optional<TableFiles> before = tables.files(table);
        Failures.on(
                "compact the table " + table,
                "Start it again; what others read and write is not affected.",
                () -> SessionCopies.with(tables.spark(), SETTINGS, Map.of()).sql("OPTIMIZE " + table.sql()));
        return Optional.of(new CompactedStore.Table(table.toString(), before, tables.files(table)));
    }
}
