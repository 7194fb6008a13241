package io.embedlake.links;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The project is compiled with one version of Spark and of Delta Lake and runs in others: everything that it refers to must be there, but for
 * what its code does without.
 */
class LinksTest {
    /**
     * Each of these stands in one method, which catches its absence and does the same in another way, or in a class that is only named where
     * it is there.
     */
    private static final List<String> DONE_OTHERWISE_IN_THE_OLDEST = List.of(
            "no class org.apache.spark.ml.util.ReadWriteUtils$, used by io.embedlake.ml.SavedText",
            "no class org.apache.spark.sql.execution.streaming.checkpointing.CheckpointFileManager,"
                    + " used by io.embedlake.spark.store.ObjectFileManager",
            "no class org.apache.spark.sql.execution.streaming.checkpointing.CheckpointFileManager$CancellableFSDataOutputStream,"
                    + " used by io.embedlake.spark.store.ObjectFileManager$WholeObject",
            "no class org.apache.spark.sql.execution.streaming.checkpointing.FileContextBasedCheckpointFileManager,"
                    + " used by io.embedlake.spark.store.ObjectFileManager",
            "no class org.apache.spark.sql.execution.streaming.checkpointing.FileSystemBasedCheckpointFileManager,"
                    + " used by io.embedlake.spark.store.ObjectFileManager",
            "no io.embedlake.spark.store.ObjectFileManager.fs()Lorg/apache/hadoop/fs/FileSystem;,"
                    + " used by io.embedlake.spark.store.ObjectFileManager",
            "no org.apache.spark.ml.param.Param.<init>(Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;Ljava/lang/Class;)V,"
                    + " used by io.embedlake.ml.TextParams",
            "no org.apache.spark.sql.delta.DeltaLog.getChanges(JJLscala/Option;Z)Lscala/collection/Iterator;,"
                    + " used by io.embedlake.spark.store.DeltaLogCalls",
            "no org.apache.spark.sql.delta.DeltaLog.getSnapshotAt(JLscala/Option;Lscala/Option;Z)"
                    + "Lorg/apache/spark/sql/delta/Snapshot;, used by io.embedlake.spark.store.DeltaLogCalls");

    private static final Path CLASSES = Path.of("target", "classes");
    private static final Path JARS = Path.of("target", "links");

    /** Spark 4.0.0 with Delta Lake 4.0.0. */
    @Test
    void theOldestHasWhatTheProjectRefersTo() throws IOException {
        assertEquals(DONE_OTHERWISE_IN_THE_OLDEST, problemsWith("oldest"));
    }

    /** Spark 4.2.0 with Delta Lake 4.4.0. */
    @Test
    void theNewestHasWhatTheProjectRefersTo() throws IOException {
        assertEquals(List.of(), problemsWith("newest"));
    }

    private static List<String> problemsWith(String version) throws IOException {
        Set<Reference> references = new LinkedHashSet<>();
        List<String> problems = new ArrayList<>();
        try (ClassPath classes = new ClassPath(JARS.resolve(version), LinksTest.class.getClassLoader())) {
            Linker linker = new Linker(classes);
            for (Path file : classFiles()) {
                byte[] bytes = Files.readAllBytes(file);
                references.addAll(References.of(bytes));
                problems.addAll(linker.inheritance(ClassShape.read(bytes)));
            }
            problems.addAll(linker.missing(references));
        }
        assertTrue(references.size() > 10_000, () -> "only " + references.size() + " references found");
        return problems;
    }

    private static List<Path> classFiles() throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            return files.filter(file -> file.toString().endsWith(".class")).toList();
        }
    }
}
