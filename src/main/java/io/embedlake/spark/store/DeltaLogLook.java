package io.embedlake.spark.store;

import io.embedlake.config.TableRef;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The newest snapshot of a Delta log. Immutable. Links to the internals of Delta Lake, where another release may lack what it names:
 * {@link #at} then fails with a {@link LinkageError}.
 *
 * @param version the newest version
 * @param properties the table's properties
 * @param isKnownEmpty whether the table has no file according to the log
 * @param rules what the table asks of its writers
 */
record DeltaLogLook(TableVersion version, Map<String, String> properties, boolean isKnownEmpty, TableRules rules) {
    /** The files of a table as its newest commit counts them; empty when it does not. */
    static Optional<TableFiles> files(Tables tables, TableRef table) {
        Snapshot newest = log(tables, table).update(false, Option.empty(), Option.empty());
        return newest.checksumOpt().isDefined()
                ? Optional.of(new TableFiles(
                        newest.checksumOpt().get().numFiles(),
                        newest.checksumOpt().get().tableSizeBytes()))
                : Optional.empty();
    }

    /** How many bytes of a table have never been clustered. It takes a small Spark job. */
    static long unclusteredBytes(Tables tables, TableRef table) {
        Row sum = log(tables, table)
                .update(false, Option.empty(), Option.empty())
                .allFiles()
                .toDF()
                .where("tags['ZCUBE_ID'] IS NULL")
                .agg(Map.of("size", "sum"))
                .first();
        return sum.isNullAt(0) ? 0 : sum.getLong(0);
    }

    /**
     * A table's newest snapshot; nothing where there is no table.
     *
     * @param since a log without a version that was looked at since then, in milliseconds of the epoch, is not looked at again
     */
    static Optional<DeltaLogLook> at(Tables tables, TableRef table, long since) {
        long now = System.currentTimeMillis();
        DeltaLog log = log(tables, table);
        boolean isMissing = log.unsafeVolatileSnapshot().version() < 0;
        // Delta reads a log that it does not know yet: that was now.
        Snapshot newest = log.update(false, Option.apply(isMissing ? since : now), Option.empty());
        return newest.version() < 0 ? Optional.empty() : Optional.of(of(log, newest));
    }

    private static DeltaLogLook of(DeltaLog log, Snapshot newest) {
        Map<String, String> properties = Map.copyOf(CollectionConverters.asJava(newest.getProperties()));
        return new DeltaLogLook(
                new TableVersion(newest.metadata().id(), newest.version()),
                properties,
                newest.checksumOpt().isDefined() && newest.checksumOpt().get().numFiles() == 0,
                new TableRules(newest.metadata().schema(), properties, unsupported(log, newest)));
    }

    /** The newest version that this process has seen of a table, or made: the log is not looked at again. */
    static Optional<TableVersion> seen(Tables tables, TableRef table) {
        Snapshot seen = log(tables, table).unsafeVolatileSnapshot();
        return seen.version() < 0
                ? Optional.empty()
                : Optional.of(new TableVersion(seen.metadata().id(), seen.version()));
    }

    /** The log of a table. */
    static DeltaLog log(Tables tables, TableRef table) {
        return table instanceof TableRef.FilePath files
                ? DeltaLog.forTable(tables.spark(), files.location())
                : tables.delta(table).deltaLog();
    }

    /**
     * Whether there is a table in a folder, by its log.
     *
     * @param since a log that was looked at since then, in milliseconds of the epoch, is not looked at again
     */
    static boolean isThere(Tables tables, TableRef.FilePath table, long since) {
        return DeltaLog.forTable(tables.spark(), table.location())
                        .update(false, Option.apply(since), Option.empty())
                        .version()
                >= 0;
    }

    private static Optional<String> unsupported(DeltaLog log, Snapshot newest) {
        try {
            log.protocolWrite(newest.protocol());
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(Failures.brief(e));
        }
    }
}
