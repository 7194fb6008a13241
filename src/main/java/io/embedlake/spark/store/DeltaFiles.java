package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;

import io.embedlake.config.TableRef;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.DeletionVectorDescriptor;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The files of versions of a Delta table. Stateless. Links to the internals of Delta Lake as {@link DeltaLogLook} does, and fails as
 * that does.
 */
final class DeltaFiles {
    private DeltaFiles() {}

    /** How a table has changed from one version to another; nothing where they are of different tables, or in the wrong order. */
    static Optional<TableChange> between(Tables tables, TableRef table, TableVersion from, TableVersion to) {
        DeltaLog log = DeltaLogLook.log(tables, table);
        Snapshot newest = log.update(false, Option.empty(), Option.empty());
        if (!from.table().equals(newest.metadata().id())
                || !from.table().equals(to.table())
                || from.number() > to.number()) {
            return Optional.empty();
        }
        Snapshot then = DeltaLogCalls.at(log, from.number());
        Snapshot now = newest.version() == to.number() ? newest : DeltaLogCalls.at(log, to.number());
        Map<String, AddFile> before = files(then);
        Map<String, AddFile> after = files(now);
        double all = bytes(before.values()) + bytes(after.values());
        Map<String, AddFile> gone = new HashMap<>(before);
        gone.keySet().removeAll(after.keySet());
        after.keySet().removeAll(before.keySet());
        double changed = bytes(gone.values()) + bytes(after.values());
        return Optional.of(new TableChange(
                rows(log, then, gone.values()),
                rows(log, now, after.values()),
                gone.values().stream().map(AddFile::path).collect(Collectors.toUnmodifiableSet()),
                all == 0 ? 0 : changed / all));
    }

    static String uri(DeltaLog log, String file) {
        return new Path(log.dataPath(), new Path(URI.create(file))).toUri().toString();
    }

    /** The files of a version. */
    static List<LiveFile> of(DeltaLog log, long version) {
        String table = log.dataPath().toString();
        return now(log, version).allFiles().collectAsList().stream()
                .map(file -> new LiveFile(
                        uri(log, file.path()),
                        file.stats() == null ? "" : file.stats(),
                        new DeletedRows(table, file.deletionVector())))
                .toList();
    }

    /**
     * The rows of some files of a version, by their names.
     *
     * @throws RuntimeException when one of them is not in the version
     */
    static Dataset<Row> rows(DeltaLog log, long version, Set<String> names) {
        Snapshot asked = now(log, version);
        List<AddFile> files =
                asked.allFiles().filter(col("path").isin(names.toArray())).collectAsList();
        if (files.size() < names.size()) {
            throw new IllegalStateException("files are missing");
        }
        return rows(log, asked, files);
    }

    private static Snapshot now(DeltaLog log, long version) {
        Snapshot newest = log.update(false, Option.empty(), Option.empty());
        return newest.version() == version ? newest : DeltaLogCalls.at(log, version);
    }

    /** A file that has lost rows is another one. */
    private static Map<String, AddFile> files(Snapshot snapshot) {
        Map<String, AddFile> files = new HashMap<>();
        for (AddFile file : snapshot.allFiles().collectAsList()) {
            DeletionVectorDescriptor lost = file.deletionVector();
            files.put(file.path() + (lost == null ? "" : " " + lost.uniqueId()), file);
        }
        return files;
    }

    private static double bytes(Collection<AddFile> files) {
        return files.stream().mapToLong(AddFile::size).sum();
    }

    /** The rows of files that belong or belonged to a table, with the columns that it has in a version. */
    static Dataset<Row> rows(DeltaLog log, Snapshot snapshot, Collection<AddFile> files) {
        List<AddFile> some = new ArrayList<>(files);
        return log.createDataFrame(snapshot, CollectionConverters.asScala(some).toSeq(), false, Option.empty());
    }
}
