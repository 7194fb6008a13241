package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.fake.store.FaultyProxy;
import io.embedlake.spark.store.NewFile;
import io.embedlake.testing.Race;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/**
 * A job whose tables lie below a folder of an object store or of HDFS, the job file among them. Immutable.
 *
 * @param source the folder of the source, which jobs share
 * @param folder where everything else is
 */
record RemoteLake(String source, String folder) {
    static final String VECTOR = "definition_embedding";
    static final String HASHED =
            "    platform: hashing\n    dimensions: 128\n    reduce: {method: pca, dimensions: 64}\n";

    private static final java.nio.file.Path JARS_OF_THE_LAUNCHER = Project.ROOT.resolve("target/classpath.txt");

    /** Vectors of a provider, ten texts a call. */
    static String paid(String endpoint, java.nio.file.Path key) {
        return "    platform: http\n    endpoint: " + endpoint
                + "\n    model: text-embedding-3-small\n    api-key: file:"
                + key + "\n    request: '{\"model\": \"{model}\", \"input\": \"{texts}\"}'\n"
                + "    vectors: data[*].embedding\n    indices: data[*].index\n    texts-per-call: 10\n"
                + "    reduce: {method: none}\nlimits: {in-flight: 2}\n";
    }

    String jobFile() {
        return folder + "/job.yaml";
    }

    String target() {
        return folder + "/target";
    }

    String store() {
        return folder + "/store";
    }

    /** Makes the source from the first rows of the quickstart's table. */
    static void writeSource(java.nio.file.Path work, String source, int rows) throws IOException {
        java.nio.file.Path file = Project.definitions(work.resolve("definitions.jsonl"), rows);
        LocalRun.spark()
                .read()
                .json(file.toString())
                .repartition(2)
                .write()
                .format("delta")
                .save(source);
    }

    /** Writes the job file. */
    RemoteLake withJob(String embedding, int waveRows) throws IOException {
        return withFile(
                jobFile(),
                "job: remote\nsource: {table: delta.`" + source + "`, id: synset}\n" + "target: {table: delta.`"
                        + target() + "`, store: delta.`" + store() + "`}\n" + "embeddings:\n  - column: " + VECTOR
                        + "\n    attribute: definition\n" + embedding + "waves: {rows: " + waveRows + "}\n"
                        + "spark: {spark.master: \"local[2]\", spark.ui.enabled: false}\n");
    }

    RemoteLake withFile(String path, String text) throws IOException {
        try (FSDataOutputStream out = files().create(new Path(path), true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return this;
    }

    /** Copies a folder of this machine. */
    void copy(java.nio.file.Path from, String to) throws IOException {
        files().copyFromLocalFile(new Path(from.toUri()), new Path(to));
    }

    FileSystem files() throws IOException {
        return new Path(folder).getFileSystem(hadoop());
    }

    private static Configuration hadoop() {
        return LocalRun.spark().sessionState().newHadoopConf();
    }

    PublishedTable table() {
        return PublishedTable.read(target(), "synset", VECTOR);
    }

    Set<String> storedHashes() {
        Set<String> hashes = new HashSet<>();
        for (Row row : LocalRun.spark()
                .read()
                .format("delta")
                .load(store())
                .select("content_hash")
                .collectAsList()) {
            assertTrue(hashes.add(row.getString(0)), "a hash is in the store twice: " + row.getString(0));
        }
        return hashes;
    }

    /** Of several writers at the same moment one makes a file, as the turns of tasks need it. */
    void requireOneMakerOfEachFile() throws Exception {
        FileSystem files = files();
        for (int round = 0; round < 20; round++) {
            Path file = new Path(folder, "claims/" + round);
            List<Boolean> made = Race.of(
                    3,
                    writer ->
                            () -> NewFile.make(files, file, ("writer " + writer).getBytes(StandardCharsets.US_ASCII)));
            assertEquals(1, Collections.frequency(made, true), made.toString());
        }
    }

    /** Whether a table has a version. */
    boolean hasVersion(String table, long version) throws IOException {
        return files().exists(new Path(table, String.format("_delta_log/%020d.json", version)));
    }

    /** Files below a folder whose path holds this. */
    List<String> filesWith(String part) throws IOException {
        var all = files().listFiles(new Path(folder), true);
        List<String> found = new java.util.ArrayList<>();
        while (all.hasNext()) {
            String path = all.next().getPath().toString();
            if (path.contains(part)) {
                found.add(path);
            }
        }
        return found;
    }

    /**
     * Starts the job in a process of its own.
     *
     * @param settings of Spark
     */
    RunningProcess start(java.nio.file.Path work, Map<String, String> settings) throws IOException {
        Map<String, String> environment = new HashMap<>(RunningProcess.QUICK_START);
        environment.merge(
                "EMBEDLAKE_JAVA_OPTIONS",
                settings.entrySet().stream()
                        .map(setting -> "-D" + setting.getKey() + "=" + setting.getValue())
                        .collect(Collectors.joining(" ")),
                (own, more) -> own + " " + more);
        environment.put("EMBEDLAKE_CLASS_PATH", jarsOfTheTests());
        return RunningProcess.launch(work, environment, "embed", jobFile());
    }

    /** What this JVM has on its class path beyond what the launcher has: the clients of the stores are among it. */
    private static String jarsOfTheTests() throws IOException {
        Set<String> known =
                Set.of(Files.readString(JARS_OF_THE_LAUNCHER).strip().split(File.pathSeparator));
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar") && !known.contains(entry))
                .filter(entry -> !entry.contains("minicluster") && !entry.contains("s3mock"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Sets system properties, from which each session in this JVM takes its settings. */
    static void set(Map<String, String> settings) {
        stop();
        settings.forEach(System::setProperty);
    }

    static void unset(Map<String, String> settings) {
        stop();
        settings.keySet().forEach(System::clearProperty);
    }

    /** What a test has left open has other settings: that of another store failed with its credentials. */
    private static void stop() {
        Option<SparkSession> open = SparkSession.getDefaultSession();
        if (open.isDefined()) {
            open.get().stop();
        }
    }

    static String described(FaultyProxy proxy) {
        return proxy.traffic().total() + " requests, " + proxy.traffic().refused() + " refused, "
                + proxy.traffic().reset() + " reset: " + proxy.traffic().byKind();
    }
}
