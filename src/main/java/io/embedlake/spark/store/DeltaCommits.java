package io.embedlake.spark.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.CommitInfo;
import org.apache.spark.sql.delta.actions.DeletionVectorDescriptor;
import org.apache.spark.sql.delta.actions.Metadata;
import org.apache.spark.sql.delta.actions.RemoveFile;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The commits of a Delta log, and the rows of their files. Stateless. Links to the internals of Delta Lake as {@link DeltaLogLook} does,
 * and fails as that does.
 */
final class DeltaCommits {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of more files a query leaves those out that lack what is asked for. */
    static final int MOST_FILES = 200;

    /** Spark reads more of them faster. */
    private static final int MOST_COMMITS = 20;

    /** The driver holds them in memory. */
    private static final long MOST_BYTES = 4L << 20;

    private DeltaCommits() {}

    /**
     * The commits after one version, up to another, oldest first.
     *
     * @throws RuntimeException when the log no longer has all of them
     */
    static List<Commit> between(DeltaLog log, long after, long upTo) {
        List<Commit> commits = new ArrayList<>();
        if (after >= upTo) {
            return commits;
        }
        var changes = DeltaLogCalls.changes(log, after + 1, upTo);
        while (changes.hasNext()) {
            var change = changes.next();
            commits.add(commit((Long) change._1(), CollectionConverters.asJava(change._2())));
        }
        if (commits.size() != upTo - after) {
            throw new IllegalStateException("the log has " + commits.size() + " of " + (upTo - after) + " commits");
        }
        return commits;
    }

    private static Commit commit(long version, List<Action> actions) {
        String operation = "";
        String parameters = "";
        boolean isOfMetadata = false;
        List<DataFile> added = new ArrayList<>();
        List<DataFile> removed = new ArrayList<>();
        for (Action action : actions) {
            if (action instanceof AddFile add) {
                added.add(new DataFile(add.path(), add.json(), add.dataChange(), deleted(add.deletionVector())));
            } else if (action instanceof RemoveFile remove) {
                removed.add(new DataFile(
                        remove.path(), addAgain(remove.json()), remove.dataChange(), deleted(remove.deletionVector())));
            } else if (action instanceof CommitInfo info) {
                operation = String.valueOf(info.operation());
                parameters = String.valueOf(info.operationParameters());
            } else if (action instanceof Metadata) {
                isOfMetadata = true;
            }
        }
        return new Commit(version, operation, parameters, isOfMetadata, added, removed);
    }

    private static long deleted(DeletionVectorDescriptor vector) {
        return vector == null ? 0 : vector.cardinality();
    }

    /** The fields that both actions have; the protocol requires a time of the file too, which only clean-up uses. */
    private static String addAgain(String json) {
        try {
            JsonNode remove = JSON.readTree(json).get("remove");
            if (!remove.hasNonNull("partitionValues") || !remove.hasNonNull("size")) {
                throw new IllegalStateException("the log does not describe a removed file");
            }
            ObjectNode add = JSON.createObjectNode();
            for (String field : List.of(
                    "path", "partitionValues", "size", "deletionVector", "baseRowId", "defaultRowCommitVersion")) {
                if (remove.hasNonNull(field)) {
                    add.set(field, remove.get(field));
                }
            }
            add.put("modificationTime", 0).put("dataChange", false);
            return JSON.writeValueAsString(JSON.createObjectNode().set("add", add));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the log holds an action that is no JSON", e);
        }
    }

    /**
     * All rows of a version of a small table, in the files that its commits have added and not removed again: no query for the files is
     * planned.
     *
     * @return empty where the log has a checkpoint or is long, or the files are many or not counted by a checksum
     * @throws RuntimeException when the commits do not tell the files
     */
    static Optional<Dataset<Row>> all(DeltaLog log, long version) {
        Snapshot asked = DeltaLogCalls.at(log, version);
        if (!isSmall(asked)) {
            return Optional.empty();
        }
        Map<String, DataFile> files = new LinkedHashMap<>();
        boolean tell = true;
        for (Commit commit : between(log, -1, version)) {
            for (DataFile removed : commit.removed()) {
                tell &= files.remove(removed.path()) != null;
            }
            commit.added().forEach(added -> files.put(added.path(), added));
        }
        if (!tell || files.size() != asked.checksumOpt().get().numFiles()) {
            throw new IllegalStateException("the commits of the log do not tell the files of the table");
        }
        return Optional.of(rows(log, version, List.copyOf(files.values())));
    }

    private static boolean isSmall(Snapshot snapshot) {
        List<FileStatus> commits =
                CollectionConverters.asJava(snapshot.logSegment().deltas());
        return commits.size() == snapshot.version() + 1
                && commits.size() <= MOST_COMMITS
                && commits.stream().mapToLong(FileStatus::getLen).sum() <= MOST_BYTES
                && snapshot.checksumOpt().isDefined()
                && snapshot.checksumOpt().get().numFiles() <= MOST_FILES;
    }

    /** The rows of some files, which belong or belonged to a table, with the columns that it has in a version. */
    static Dataset<Row> rows(DeltaLog log, long version, List<DataFile> files) {
        List<AddFile> added = files.stream()
                .map(file -> (AddFile) Action.fromJson(file.add()))
                .toList();
        return DeltaFiles.rows(log, DeltaLogCalls.at(log, version), added);
    }
}
