package io.embedlake.sql.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.remote.http.ClientSettings;
import io.embedlake.spark.job.Lake;
import io.embedlake.spark.job.Versions;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.sql.EmbedlakeCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of functions as a user of SQL writes them: the catalog is set in a session that runs already. */
class EmbedFunctionTest {
    private static final String KEY = "sk-of-the-tests";

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

    /** Rows {@code (id, text)} of several partitions as the view {@code texts}. */
    private void texts(int rows) {
        spark.range(1, rows + 1, 1, 3)
                .selectExpr("id", Lake.text("id") + " AS text")
                .createOrReplaceTempView("texts");
    }

    private static String embed(String text) {
        return "embedlake.embed(" + text + ", map('platform', 'hashing', 'dimensions', '64'))";
    }

    private List<Row> rows(String query) {
        return spark.sql(query).collectAsList();
    }

    private String plan(String query) {
        return ((org.apache.spark.sql.classic.Dataset<Row>) spark.sql(query))
                .queryExecution()
                .executedPlan()
                .toString();
    }

    private static List<Float> hashed(long id) {
        return Lake.hashed("word" + id + " stands near number" + id * 7 % 31);
    }

    private static List<Float> vector(Row row, String column) {
        return row.isNullAt(row.fieldIndex(column)) ? null : row.getList(row.fieldIndex(column));
    }

    private static String message(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof EmbedlakeException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }

    private String failure(String query) {
        return message(assertThrows(Exception.class, () -> rows(query), query));
    }

    @Test
    void everyTextGetsItsVectorInBatches() {
        texts(100);
        String query = "SELECT id, " + embed("text") + " AS vector FROM texts";
        assertTrue(plan(query).contains("EmbedBatch"), plan(query));
        List<Row> rows = rows(query);
        assertEquals(
                LongStream.rangeClosed(1, 100).boxed().toList(),
                rows.stream().map(row -> row.getLong(0)).toList());
        rows.forEach(row -> assertEquals(hashed(row.getLong(0)), vector(row, "vector")));
    }

    @Test
    void rowsWithoutTextStayWhereTheyAre() {
        spark.range(1, 20_001, 1, 1)
                .selectExpr(
                        "id",
                        "CASE WHEN id % 7000 = 0 THEN " + Lake.text("id") + " WHEN id % 2 = 0 THEN ' ' END AS text")
                .createOrReplaceTempView("sparse");
        List<Row> rows = rows("SELECT id, " + embed("text") + " AS vector, "
                + embed("text").replace("embed(", "embed_result(") + " AS result FROM sparse");
        assertEquals(20_000, rows.size());
        long id = 1;
        for (Row row : rows) {
            assertEquals(id++, row.getLong(0));
            Row result = row.getStruct(2);
            if (row.getLong(0) % 7000 == 0) {
                assertEquals(hashed(row.getLong(0)), vector(row, "vector"));
                assertEquals(hashed(row.getLong(0)), vector(result, "vector"));
                assertEquals(4, result.<Integer>getAs("tokens"));
                assertNull(result.getAs("error"));
            } else if (row.getLong(0) % 2 == 0) {
                assertNull(vector(row, "vector"));
                assertEquals("the text is blank", result.<String>getAs("error"));
            } else {
                assertNull(vector(row, "vector"));
                assertNull(result);
            }
        }
    }

    /** Constant texts are folded on the driver; joins, functions of arrays and small local tables are evaluated row by row. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 7L AS id, {'word7 stands near number18'} AS vector",
                "SELECT id, {text} AS vector FROM VALUES (7L, 'word7 stands near number18') AS t (id, text)",
                "SELECT id, transform(array(text), each -> {each})[0] AS vector FROM texts",
                "SELECT id, vector FROM (SELECT id, {text} AS vector FROM texts) GROUP BY id, vector",
                "SELECT id, first({text}) AS vector FROM texts GROUP BY id",
                "SELECT id, {text} AS vector FROM texts ORDER BY element_at({text}, 1), id",
                "SELECT a.id, {b.text} AS vector FROM texts a JOIN texts b ON a.id = b.id AND {a.text} = {b.text}",
                "SELECT id, vector FROM (SELECT id, {text} AS vector, row_number() OVER (ORDER BY id) AS n FROM texts)",
                "SELECT id, if(id % 2 = 0, {text}, {concat(text, '')}) AS vector FROM texts",
                "SELECT id, {text} AS vector FROM texts WHERE {text} IS NOT NULL AND id > 0",
                "SELECT id, (SELECT {max(b.text)} FROM texts b WHERE b.id = a.id) AS vector FROM texts a",
                "SELECT id, {(SELECT 'word7 stands near number18')} AS vector FROM texts WHERE id = 7",
                "SELECT id, {text} AS vector FROM texts UNION ALL SELECT id, {text} FROM texts",
                "SELECT id, embedlake.embed(text => text, options => map('platform', 'hashing', 'dimensions', '64')) AS vector FROM"
                        + " texts",
                "SELECT id, vector FROM texts LATERAL VIEW explode(array({text})) AS vector"
            })
    void vectorsAreTheSameWhereverTheCallStands(String query) {
        texts(9);
        String whole = query.replaceAll(
                "\\{((?:[^{}])*)}",
                java.util.regex.Matcher.quoteReplacement("embedlake.embed(") + "$1"
                        + ", map('platform', 'hashing', 'dimensions', '64'))");
        List<Row> rows = rows(whole);
        assertFalse(rows.isEmpty());
        rows.forEach(row -> assertEquals(hashed(row.getLong(0)), vector(row, "vector"), whole));
    }

    @Test
    void tablesViewsAndMergesEmbed() {
        texts(5);
        String table = "delta.`" + lake.path("made") + "`";
        spark.sql("CREATE TABLE " + table + " USING delta AS SELECT id, text, " + embed("text")
                + " AS vector FROM texts");
        spark.sql("CREATE OR REPLACE TEMP VIEW embedded AS SELECT id, " + embed("text") + " AS vector FROM texts");
        spark.range(4, 8).selectExpr("id", Lake.text("id") + " AS text").createOrReplaceTempView("changes");
        spark.sql("MERGE INTO " + table
                + " t USING changes c ON t.id = c.id WHEN NOT MATCHED THEN INSERT (id, text, vector)"
                + " VALUES (c.id, c.text, " + embed("c.text") + ")");
        for (String from : List.of(table, "embedded")) {
            List<Row> rows = rows("SELECT id, vector FROM " + from);
            assertEquals(from.equals("embedded") ? 5 : 7, rows.size());
            rows.forEach(row -> assertEquals(hashed(row.getLong(0)), vector(row, "vector")));
        }
    }

    @Test
    void streamsEmbed() throws Exception {
        texts(5);
        spark.table("texts").write().format("delta").save(lake.path("source").toString());
        var query = spark.readStream()
                .format("delta")
                .load(lake.path("source").toString())
                .selectExpr("id", embed("text") + " AS vector")
                .writeStream()
                .format("delta")
                .option("checkpointLocation", lake.path("checkpoint").toString())
                .trigger(org.apache.spark.sql.streaming.Trigger.AvailableNow())
                .start(lake.path("sink").toString());
        query.awaitTermination();
        List<Row> rows =
                spark.read().format("delta").load(lake.path("sink").toString()).collectAsList();
        assertEquals(5, rows.size());
        rows.forEach(row -> assertEquals(hashed(row.getLong(0)), vector(row, "vector")));
    }

    @Test
    void versionIsTheJars() {
        assertEquals(
                Versions.embedlake(), rows("SELECT embedlake.version()").get(0).getString(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "embedlake.embed(text, concat('a', id)) | its model or options differ from row to row",
                "embedlake.embed(text, CAST(NULL AS STRING)) | its model is NULL",
                "embedlake.embed(text, map('platfrom', 'hashing')) | Cannot embed with these options: unknown key platfrom; did you mean platform?",
                "embedlake.embed(text, map('platform', 'hashing', 'reduce.dimensions', '3')) | a query writes no column",
                "embedlake.embed(text, map('platform', 'hashing', 'source.table', 'other')) | source.table",
                "embedlake.embed(text, map('platform', 'tf-idf')) | is fitted on a column",
                "embedlake.embed(text, 'text-embedding-3-small', map('platform', 'openai', 'api-key', 'sk-123')) | api-key is not a reference to a secret",
                "embedlake.embed(array(text)) | its argument text is of type ARRAY<STRING>",
                "embedlake.embed(text, 7) | its argument model is of type INT",
                "embedlake.embed(text, 'a', map('b', 7)) | its argument options is of type MAP<STRING, INT>",
                "embedlake.embed() | it is called with 0 arguments",
                "embedlake.embed(options => map('platform', 'hashing'), text => text) | in this order",
                "embedlake.embed(text, mode => 'a') | it has no argument mode",
                "embedlake.embed(model => 'a') | its argument text is missing",
                "embedlake.embad(text) | embad",
                "embedlake.version(1) | Cannot call version with arguments"
            })
    void wrongCallsAreRefusedInASentence(String call, String part) {
        texts(2);
        String message = failure("SELECT " + call + " FROM texts");
        assertTrue(message.contains(part), message);
        assertFalse(message.contains("sk-123"), message);
    }

    private FakeProvider provider() {
        return FakeProvider.start(Settings.of(Provider.OPENAI).withKeys(KEY).withDimension(16), new HashedVectors(16));
    }

    /** Sends texts to a fake provider; what all queries have in common is set in the session. */
    private String paid(String text, FakeProvider fake) throws IOException {
        Path key = Files.writeString(folder.resolve("key"), KEY);
        spark.sql("SET embedlake.platform=openai");
        spark.sql("SET embedlake.endpoint=" + fake.baseUrl());
        spark.sql("SET `embedlake.api-key`=file:" + key);
        return "embedlake.embed(" + text + ", 'text-embedding-3-small')";
    }

    private long billed(FakeProvider fake, String query) {
        long before = billed(fake);
        spark.sql(query).collectAsList();
        return billed(fake) - before;
    }

    /** Without the text that each start of a client sends: jobs of other tests close the idle ones. */
    private static long billed(FakeProvider fake) {
        return fake.stats().billings() - fake.ledger().timesBilled(ClientSettings.HARMLESS.text());
    }

    @Test
    void noTextIsPaidForThatTheQueryDoesNotNeed() throws IOException {
        texts(60);
        try (FakeProvider fake = provider()) {
            String call = paid("text", fake);
            assertEquals(60, billed(fake, "SELECT " + call + " AS vector FROM texts"));
            assertEquals(
                    60,
                    billed(
                            fake,
                            "SELECT id, " + call + " AS vector FROM texts WHERE element_at(" + call
                                    + ", 1) IS NOT NULL"),
                    "a filter and a projection share a call");
            assertEquals(
                    10,
                    billed(
                            fake,
                            "SELECT * FROM (SELECT id, " + call
                                    + " AS vector FROM texts) WHERE vector IS NOT NULL AND id <= 10"),
                    "a filter asks first what costs nothing");
            assertEquals(
                    7,
                    billed(
                            fake,
                            "SELECT CASE WHEN id > 58 THEN " + call + " WHEN id > 55 THEN array(0F) WHEN id <= 5 THEN "
                                    + call + " END FROM texts"),
                    "branches pay for their rows");
            assertEquals(
                    20,
                    billed(fake, "SELECT coalesce(if(id % 3 > 0, array(1F), NULL), " + call + ") FROM texts"),
                    "vectors that are there are not bought again");
            assertEquals(
                    60,
                    billed(
                            fake,
                            "SELECT CASE WHEN " + call + " IS NOT NULL THEN element_at(" + call
                                    + ", 1) END FROM texts"),
                    "a condition and its branch share a call");
            assertEquals(
                    20,
                    billed(
                            fake,
                            "SELECT if(id <= 10, " + call + ", NULL), if(id <= 20, " + call
                                    + ", NULL), if(id <= 10 AND id > 3, " + call + ", NULL) FROM texts"),
                    "branches of several expressions share a call");
            assertEquals(
                    60,
                    billed(fake, "SELECT if(id <= 10, " + call + ", NULL), " + call + " FROM texts"),
                    "and one without a condition has it too");
            assertEquals(
                    30,
                    billed(fake, "SELECT id FROM texts WHERE id % 2 = 0 OR element_at(" + call + ", 1) > 2"),
                    "one side of OR is enough");
            // The last one: a call that nobody waits for any more may be billed after the query.
            assertTrue(
                    billed(fake, "SELECT " + call + " AS vector FROM texts LIMIT 3") <= 2 * 3,
                    "a limit pays for what it takes");
        }
    }

    @Test
    void aBudgetCoversTheQueriesOfASession() throws IOException {
        texts(60);
        try (FakeProvider fake = provider()) {
            String call = paid("text", fake);
            spark.sql("SET `embedlake.limits.max-tokens`=400");
            rows("SELECT " + call + " FROM texts WHERE id <= 20");
            String message = failure("SELECT " + call + " FROM texts");
            assertTrue(message.contains("limits.max-tokens"), message);
            assertTrue(fake.stats().tokensBilled() <= 400 + 20, fake.stats().toString());
        }
    }

    @Test
    void aWrongKeyFailsTheQueryBeforeItReadsARow() throws IOException {
        texts(2);
        try (FakeProvider fake = provider()) {
            String call = paid("text", fake);
            Files.writeString(folder.resolve("key"), "sk-another");
            String message = failure("SELECT " + call + " FROM texts");
            assertTrue(message.contains("api-key"), message);
            assertFalse(message.contains("sk-another"), message);
        }
    }

    /** Of the model in the package, in 32 bits on any processor: products of other shapes add up in another order, so the last bits may differ. */
    @Test
    void batchesAndSingleTextsGiveTheSameVectors() {
        texts(24);
        spark.sql(
                "CREATE OR REPLACE TEMP VIEW longer AS SELECT id, repeat(concat(text, ' '), CAST(id % 5 AS INT) + 1) AS text FROM"
                        + " texts");
        List<Row> rows =
                rows("SELECT embedlake.embed(text, map('precision', 'fp32')) AS batched, transform(array(text), one ->"
                        + " embedlake.embed(one, map('precision', 'fp32')))[0] AS single FROM longer");
        assertEquals(24, rows.size());
        double most = 0;
        for (Row row : rows) {
            List<Float> batched = vector(row, "batched");
            List<Float> single = vector(row, "single");
            for (int i = 0; i < batched.size(); i++) {
                most = Math.max(most, Math.abs(batched.get(i) - single.get(i)));
            }
        }
        assertTrue(most < 1e-6, most + " between batches and single texts");
    }
}
