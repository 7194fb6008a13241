package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.delta.tables.DeltaTable;
import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobFile;
import io.embedlake.config.JobSpec;
import io.embedlake.lexical.HashingPlatform;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spi.Device;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.function.Executable;

/** A folder of tables, and jobs over them that are written as users write them. Immutable. */
public record Lake(Path folder) {
    /** A job on the table {@code items (id, text)} that publishes full vectors in place. */
    public static final String PLAIN =
            """
            job: test
            source: {table: delta.`items`, id: id}
            embeddings:
              - {column: vector, attribute: text, platform: hashing, dimensions: 64, reduce: {method: none}}
            """;

    /** The same with vectors of four dimensions. */
    public static final String REDUCED = PLAIN.replace("{method: none}", "{dimensions: 4}");

    private static final Pattern TABLE = Pattern.compile("\\{(\\w+)}");
    private static final StructType ITEM = StructType.fromDDL("id BIGINT, text STRING");

    /** The session of the tests. */
    public static SparkSession spark() {
        return SharedSpark.session();
    }

    // ---- tables

    /** Runs a statement in which <code>{name}</code> is the Delta table of that name in this folder. */
    public void sql(String statement) {
        spark().sql(resolved(statement));
    }

    /** The single row that a query gives, tables named as in {@link #sql}. */
    public Row row(String query) {
        List<Row> rows = spark().sql(resolved(query)).collectAsList();
        assertEquals(1, rows.size(), query);
        return rows.get(0);
    }

    /** The single number that a query gives. */
    public long number(String query) {
        return ((Number) row(query).get(0)).longValue();
    }

    public Path path(String table) {
        return folder.resolve(table);
    }

    public Dataset<Row> rows(String table) {
        return spark().read().format("delta").load(path(table).toString());
    }

    /** Makes the table {@code items} with these texts and the ids 1, 2, 3 and so on. */
    public void items(String... texts) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            rows.add(RowFactory.create(i + 1L, texts[i]));
        }
        write("items", spark().createDataFrame(rows, ITEM));
    }

    /** Makes the table {@code items} with so many different texts. */
    public void manyItems(int rows) {
        write("items", spark().range(1, rows + 1).selectExpr("id", text("id") + " AS text"));
    }

    /** A SQL expression for a text that differs for every number. */
    public static String text(String number) {
        return "concat('word', " + number + ", ' stands near number', (" + number + ") * 7 % 31)";
    }

    /** Writes rows as the Delta table of this name, in one file. */
    public void write(String table, Dataset<Row> rows) {
        rows.coalesce(1)
                .write()
                .format("delta")
                .mode("overwrite")
                .save(path(table).toString());
    }

    public boolean exists(String table) {
        return DeltaTable.isDeltaTable(spark(), path(table).toString());
    }

    /** A table's commits, newest first. */
    public Dataset<Row> history(String table) {
        return DeltaTable.forPath(spark(), path(table).toString()).history();
    }

    /** The number of a table's newest version, read from its log's file names: a query would cost more than many a test. */
    public long version(String table) {
        try (Stream<Path> log = Files.list(path(table).resolve("_delta_log"))) {
            return log.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("\\d{20}\\.json"))
                    .mapToLong(name -> Long.parseLong(name.substring(0, 20)))
                    .max()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A table's properties. */
    public Map<String, String> properties(String table) {
        return DeltaTable.forPath(spark(), path(table).toString())
                .detail()
                .select("properties")
                .first()
                .getJavaMap(0);
    }

    /** The vectors of a table by id; null where there is none. */
    public Map<Object, List<Float>> vectors(String table, String id, String column) {
        Map<Object, List<Float>> vectors = new TreeMap<>();
        rows(table).select(id, column).collectAsList().forEach(row -> {
            boolean isNew = !vectors.containsKey(row.get(0));
            assertTrue(isNew, "two rows have the id " + row.get(0));
            vectors.put(row.get(0), row.isNullAt(1) ? null : List.copyOf(row.<Float>getList(1)));
        });
        return vectors;
    }

    /** The vectors of the job {@link #PLAIN}. */
    public Map<Object, List<Float>> vectors() {
        return vectors("items", "id", "vector");
    }

    /** The vectors that the job {@link #PLAIN} should make of these texts with the ids 1, 2, 3 and so on. */
    public static Map<Object, List<Float>> expected(String... texts) {
        Map<Object, List<Float>> vectors = new TreeMap<>();
        for (int i = 0; i < texts.length; i++) {
            vectors.put(i + 1L, texts[i] == null ? null : hashed(texts[i]));
        }
        return vectors;
    }

    /** The vector that the job {@link #PLAIN} should make of a text. */
    public static List<Float> hashed(String text) {
        HashingPlatform platform = new HashingPlatform();
        EmbedderRequest request = new EmbedderRequest(Optional.empty(), Map.of("dimensions", "64"));
        try (EmbeddingSession session =
                platform.load(platform.describe(request), Device.CPU).open()) {
            List<Float> vector = new ArrayList<>();
            for (float value : session.embed(List.of(session.encode(text))).get(0)) {
                vector.add(value);
            }
            return vector;
        }
    }

    private String resolved(String statement) {
        Matcher matcher = TABLE.matcher(statement);
        return matcher.replaceAll(found -> Matcher.quoteReplacement("delta.`" + path(found.group(1)) + "`"));
    }

    // ---- jobs

    public JobSpec job(String yaml, String... overrides) {
        try {
            Files.writeString(folder.resolve("job.yaml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return JobFile.load(Path.of("job.yaml"), List.of(overrides), Map.of(), folder);
    }

    /** The job with the platform that only tests have. */
    public static JobSpec picky(JobSpec job) {
        List<EmbeddingSpec> embeddings = job.embeddings().stream()
                .map(embedding -> new EmbeddingSpec(
                        embedding.column(),
                        embedding.attribute(),
                        PickyPlatform.NAME,
                        new EmbedderRequest(Optional.empty(), Map.of()),
                        embedding.compute(),
                        embedding.reduce()))
                .toList();
        return new JobSpec(
                job.job(),
                job.source(),
                job.target(),
                embeddings,
                job.maxErrorRate(),
                job.terms(),
                job.waves(),
                job.searches(),
                job.spark());
    }

    public RunRecord run(String yaml, String... overrides) {
        return run(job(yaml, overrides));
    }

    public RunRecord run(JobSpec job) {
        return report(job, new RecordingObserver());
    }

    static RunRecord run(JobSpec job, Anew anew) {
        RunId run = RunId.of(Clock.systemUTC().instant(), UUID.randomUUID());
        return new EmbeddingJob(spark(), job, anew, run, Clock.systemUTC(), new RecordingObserver()).run();
    }

    RunRecord replay(JobSpec job, ErrorKind kind) {
        RunId run = RunId.of(Clock.systemUTC().instant(), UUID.randomUUID());
        return new EmbeddingJob(spark(), job, run, Clock.systemUTC(), new RecordingObserver()).replay(Set.of(kind));
    }

    RunRecord report(JobSpec job, JobObserver observer) {
        RunId run = RunId.of(Clock.systemUTC().instant(), UUID.randomUUID());
        return new EmbeddingJob(spark(), job, run, Clock.systemUTC(), observer).run();
    }

    WorkPlan plan(JobSpec job) {
        RunId run = RunId.of(Clock.systemUTC().instant(), UUID.randomUUID());
        return new EmbeddingJob(spark(), job, run, Clock.systemUTC(), new RecordingObserver()).plan();
    }

    /** What a run did for its only column. */
    public static ColumnRecord only(RunRecord run) {
        assertEquals(1, run.columns().size());
        return run.columns().get(0);
    }

    /** The job runs and embeds so many texts and changes so many rows. */
    public void runs(JobSpec job, long embedded, long published) {
        RunRecord run = run(job);
        assertEquals(
                embedded,
                run.columns().stream().mapToLong(ColumnRecord::embedded).sum(),
                "texts embedded");
        assertEquals(published, run.rowsPublished(), "rows published");
    }

    // ---- refusals

    /** The job stops before any work: nothing is embedded and no table is made or changed. */
    public EmbedlakeException refuses(JobSpec job, ErrorKind kind, String... parts) {
        RecordingObserver observer = new RecordingObserver();
        Map<String, Long> before = versions();
        EmbedlakeException refusal = refused(kind, () -> report(job, observer), parts);
        assertTrue(
                observer.phases().stream().noneMatch(phase -> phase.startsWith("Embedding")),
                observer.phases().toString());
        assertEquals(before, versions());
        return refusal;
    }

    /** The call fails with this kind and one line, a sentence or more, that holds all of these parts. */
    public static EmbedlakeException refused(ErrorKind kind, Executable call, String... parts) {
        EmbedlakeException refusal = assertThrows(EmbedlakeException.class, call);
        String message = refusal.getMessage();
        assertEquals(kind, refusal.kind(), message);
        assertTrue(message.matches("(?s)Cannot .*[.?]"), message);
        assertEquals(1, message.lines().count(), message);
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "lacks <" + part + ">: " + message);
        }
        return refusal;
    }

    // ---- all tables at once

    /** Copies all tables to another folder. */
    public void saveTo(Path other) {
        try {
            FileUtils.copyDirectory(folder.toFile(), other.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes all tables what they were when they were saved, and Delta forget what has become of them since. */
    public void restoreFrom(Path other) {
        try {
            try (Stream<Path> tables = Files.list(folder)) {
                tables.filter(Files::isDirectory)
                        .forEach(table ->
                                DeltaLog.invalidateCache(spark(), new org.apache.hadoop.fs.Path(table.toUri())));
            }
            FileUtils.cleanDirectory(folder.toFile());
            FileUtils.copyDirectory(other.toFile(), folder.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every Delta table of this folder with its version, but for the log of runs. */
    public Map<String, Long> versions() {
        Map<String, Long> versions = new TreeMap<>();
        try (Stream<Path> folders = Files.list(folder)) {
            folders.map(path -> path.getFileName().toString())
                    .filter(table -> Files.isDirectory(path(table).resolve("_delta_log")))
                    .filter(table -> !table.endsWith("_runs"))
                    .forEach(table -> versions.put(table, version(table)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return versions;
    }

    static List<String> columns(Dataset<Row> rows) {
        return Arrays.asList(rows.columns());
    }
}
