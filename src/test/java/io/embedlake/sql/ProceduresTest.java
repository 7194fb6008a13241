package io.embedlake.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spark.job.Lake;
import io.embedlake.spi.EmbedlakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Procedures as a user of SQL calls them: the catalog is set in a session that runs already. */
class ProceduresTest {
    private static final String HASHED =
            "options => map('platform', 'hashing', 'dimensions', '64', 'reduce.method', 'none')";

    @TempDir
    private Path folder;

    private Lake lake;
    private SparkSession spark;

    @BeforeEach
    void open() {
        lake = new Lake(folder);
        spark = Lake.spark().newSession();
        spark.sql("SET spark.sql.catalog.embedlake=" + EmbedlakeCatalog.class.getName());
    }

    private String table(String name) {
        return "delta.`" + lake.path(name) + "`";
    }

    private List<Row> call(String procedure) {
        return spark.sql("CALL embedlake." + procedure).collectAsList();
    }

    private String failure(String procedure) {
        Throwable failure = assertThrows(Exception.class, () -> call(procedure));
        // Spark wraps what it is told about an unknown name.
        return (failure instanceof EmbedlakeException ? failure : failure.getCause()).getMessage();
    }

    private Path job(String more) throws IOException {
        String yaml = Lake.PLAIN.replace("`items`", "`" + lake.path("items") + "`") + more;
        return Files.writeString(folder.resolve("job.yaml"), yaml);
    }

    @Test
    void aTableGetsVectorsAndIsSearched() {
        lake.items("late delivery of a parcel", "a red bicycle", null);
        String embed = "embed('%s', 'vector', 'text', %s)".formatted(table("items"), HASHED);
        Row first = call(embed).get(0);
        assertEquals(List.of("vector", 3L, 2L, 2L), List.of(first.get(1), first.get(2), first.get(3), first.get(4)));
        assertEquals(
                Lake.hashed("a red bicycle"),
                lake.vectors("items", "id", "vector").get(2L));
        Row second = call(embed).get(0);
        assertEquals(0L, second.<Long>getAs("embedded"));
        assertEquals(2L, second.<Long>getAs("already_embedded"));
        Dataset<Row> found = spark.sql(
                "CALL embedlake.system.search('%s', 'vector', 'the red bicycle', k => 1)".formatted(table("items")));
        assertEquals(List.of("score", "id", "text"), List.of(found.columns()));
        assertEquals("a red bicycle", found.collectAsList().get(0).getAs("text"));
        assertEquals(
                "late delivery of a parcel",
                call("search('%s', 'vector', 'the red bicycle', where => 'id <> 2')".formatted(table("items")))
                        .get(0)
                        .getAs("text"));
    }

    @Test
    void theExamplesOfTheDocumentDoWhatTheySay() throws IOException {
        spark.sql("CREATE DATABASE sql_door LOCATION '" + folder.resolve("database") + "'");
        try {
            spark.sql("USE sql_door");
            spark.sql(
                    "CREATE TABLE reviews USING delta AS SELECT id AS review_id, id % 5 AS stars, CASE WHEN id = 41 THEN"
                            + " 'the parcel came two weeks late' ELSE " + Lake.text("id")
                            + " END AS text FROM range(70)");
            List<List<List<Row>>> examples = examples(Files.readString(Path.of("docs/sql.md")));
            assertEquals(5 * 70, examples.get(2).get(1).size());
            List<List<List<Row>>> neighbours = examples(Files.readString(Path.of("docs/neighbours.md")));
            assertEquals(70L, neighbours.get(0).get(1).get(0).<Long>getAs("queries"));
            assertEquals(0L, neighbours.get(1).get(0).get(0).<Long>getAs("queries"));
            assertFalse(neighbours.get(3).get(0).isEmpty());
            List<List<Row>> procedures = examples.get(0);
            List<Row> found = procedures.get(procedures.size() - 1);
            assertEquals(5, found.size());
            assertEquals(41L, found.get(0).<Long>getAs("review_id"));
            List<List<Row>> functions = examples.get(1);
            assertEquals(384, functions.get(1).get(0).getList(1).size());
            assertEquals(
                    functions.get(1).get(0).getList(1), functions.get(2).get(0).getList(1));
            assertEquals(
                    70,
                    spark.sql("SELECT * FROM embedded WHERE vector IS NOT NULL").count());
            List<List<Row>> ofReadme =
                    examples(Files.readString(Path.of("README.md"))).get(0);
            assertEquals(41L, ofReadme.get(2).get(0).<Long>getAs("review_id"));
            assertEquals(70, ofReadme.get(3).size());
        } finally {
            spark.sql("DROP DATABASE sql_door CASCADE");
        }
    }

    /** What each statement of each example gives. */
    private List<List<List<Row>>> examples(String document) {
        return Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL)
                .matcher(document)
                .results()
                .map(example -> Stream.of(example.group(1).split(";\\s*(\n|$)"))
                        .filter(statement -> !statement.isBlank())
                        .map(statement -> spark.sql(statement).collectAsList())
                        .toList())
                .toList();
    }

    @Test
    void jobsOfFilesArePlannedAndRun() throws IOException {
        lake.items("red apples", "green pears", " ");
        Path file = job("");
        Row plan = call("plan('" + file + "')").get(0);
        assertEquals(List.of("vector", 3L, 2L), List.of(plan.get(0), plan.get(1), plan.get(2)));
        assertEquals(2L, plan.<Long>getAs("to_embed"));
        assertEquals(0.0, plan.<Double>getAs("usd"));
        Row run = call("run(job => '" + Files.readString(file).replace("'", "''") + "')")
                .get(0);
        assertEquals(2L, run.<Long>getAs("embedded"));
        assertEquals(0L, call("plan('" + file.toUri() + "')").get(0).<Long>getAs("to_embed"));
        assertNull(call("plan('" + file + "')").get(0).getAs("tokens"));
        Row narrower = call("plan('" + file + "', map('source.where', 'id = 1', 'batch-tokens', '512'))")
                .get(0);
        assertEquals(List.of(1L, 1L), List.of(narrower.get(1), narrower.get(2)));
    }

    @Tag("heavy")
    @Test
    void rejectedTextsAreReplayedAndReductionsEvaluated() throws IOException {
        lake.manyItems(150);
        Path file = job("errors: {max-rate: 0.5}\n");
        assertEquals(
                150L,
                call("run('" + file + "', map('reduce.method', 'pca', 'reduce.dimensions', '8'))")
                        .get(0)
                        .<Long>getAs("embedded"));
        List<Row> evaluated =
                call("evaluate('" + file + "', options => map('reduce.method', 'pca'," + " 'reduce.dimensions', '8'))");
        assertTrue(evaluated.get(0).<Boolean>getAs("is_chosen"));
        assertEquals(
                1, evaluated.stream().filter(row -> row.getAs("is_recommended")).count());
        assertEquals(
                0L,
                call("replay('" + file + "', 'PROTOCOL, TRANSIENT', map('reduce.method', 'pca',"
                                + " 'reduce.dimensions', '8'))")
                        .get(0)
                        .<Long>getAs("embedded"));
    }

    /** Waits until the gate opens, for a condition of rows. Stateless; its gate is that of the JVM. */
    private static final class Gate implements UDF1<String, Boolean> {
        private static final long serialVersionUID = 1L;
        private static final CountDownLatch ARRIVED = new CountDownLatch(1);
        private static final CountDownLatch OPEN = new CountDownLatch(1);

        @Override
        public Boolean call(String text) throws InterruptedException {
            ARRIVED.countDown();
            OPEN.await();
            return true;
        }
    }

    @Test
    void runsUnderWayAreSeenBySessionsThatHaveThem() throws Exception {
        lake.items("red apples", "green pears");
        spark.udf().register("gate", new Gate(), DataTypes.BooleanType);
        CompletableFuture<List<Row>> run = CompletableFuture.supplyAsync(() -> call("embed('%s', 'vector', 'text', %s)"
                .formatted(table("items"), HASHED.replace("map(", "map('source.where', 'gate(text)', "))));
        try {
            Gate.ARRIVED.await();
            List<Row> progress = call("progress()");
            assertEquals(1, progress.size());
            assertEquals("sql", progress.get(0).getAs("job"));
            assertFalse(progress.get(0).<String>getAs("line").isBlank());
            SparkSession other = Lake.spark().newSession();
            other.sql("SET spark.sql.catalog.embedlake=" + EmbedlakeCatalog.class.getName());
            assertEquals(List.of(), other.sql("CALL embedlake.progress()").collectAsList());
        } finally {
            Gate.OPEN.countDown();
        }
        assertEquals(2L, run.get().get(0).<Long>getAs("embedded"));
        assertEquals(List.of(), call("progress()"));
    }

    @Test
    void proceduresAreListedAndDescribed() {
        Set<String> names = spark.sql("SHOW PROCEDURES IN embedlake").collectAsList().stream()
                .map(row -> row.<String>getAs("procedure_name"))
                .collect(Collectors.toSet());
        assertEquals(
                Set.of("embed", "run", "plan", "replay", "evaluate", "search", "neighbours", "progress", "models"),
                names);
        String described = spark.sql("DESCRIBE PROCEDURE embedlake.search").collectAsList().stream()
                .map(Row::toString)
                .collect(Collectors.joining("\n"));
        assertTrue(described.contains("Finds the rows whose texts are most similar to a query."), described);
        assertTrue(described.contains("k INT DEFAULT 10: How many rows."), described);
        assertEquals(
                "sentence-transformers/all-MiniLM-L6-v2",
                call("models()").get(0).<String>getAs("model").replaceFirst(" .*", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    plann('x')                              | the procedures are embed, run, plan
                    run('no/such/job.yaml')                 | Cannot read the job file: no/such/job.yaml
                    run(CAST(NULL AS STRING))               | its argument job is NULL or empty
                    run('{job: x}')                         | source
                    replay('{job: x}', 'NONE')              | source
                    search('no such', 'vector', 'query')    | Cannot read the table: no such has characters
                    embed('t', 'v', 'text', options => map('reduce.dimension', '8')) | option: embeddings[0].reduce: unknown key dimension; did you mean dimensions?
                    """)
    void everyMistakeIsOneSentence(String procedure, String expected) {
        String message = failure(procedure);
        assertTrue(message.contains(expected), message);
    }
}
