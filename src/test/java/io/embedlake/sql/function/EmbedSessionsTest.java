package io.embedlake.sql.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.spark.job.Lake;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.sql.EmbedlakeCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls in several sessions of one cluster, and of texts of all kinds. */
class EmbedSessionsTest {
    private static final String KEY = "sk-of-the-tests";

    @TempDir
    private Path folder;

    private static SparkSession session() {
        SparkSession spark = Lake.spark().newSession();
        spark.sql("SET spark.sql.catalog.embedlake=" + EmbedlakeCatalog.class.getName());
        return spark;
    }

    private static Row row(SparkSession spark, String query) {
        return spark.sql(query).collectAsList().get(0);
    }

    private static String failure(SparkSession spark, String query) {
        Throwable cause = assertThrows(Exception.class, () -> spark.sql(query).collectAsList(), query);
        while (!(cause instanceof EmbedlakeException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }

    @Test
    void sessionsHaveTheirOwnSettings() {
        SparkSession one = session();
        SparkSession other = session();
        for (SparkSession spark : List.of(one, other)) {
            spark.sql("SET embedlake.platform=hashing");
        }
        one.sql("SET embedlake.dimensions=16");
        other.sql("SET embedlake.dimensions=32");
        String query = "SELECT embedlake.embed(text) FROM VALUES ('red apples') AS texts (text)";
        assertEquals(16, row(one, query).getList(0).size());
        assertEquals(32, row(other, query).getList(0).size());
        other.sql("SET embedlake.dimensions=8");
        assertEquals(8, row(other, query).getList(0).size());
        assertEquals(16, row(one, query).getList(0).size());
    }

    @Test
    void sessionsHaveTheirOwnBudgets() throws IOException {
        Path key = Files.writeString(folder.resolve("key"), KEY);
        try (FakeProvider fake = FakeProvider.start(
                Settings.of(Provider.OPENAI).withKeys(KEY).withDimension(16), new HashedVectors(16))) {
            SparkSession one = session();
            SparkSession other = session();
            for (SparkSession spark : List.of(one, other)) {
                spark.sql("SET embedlake.platform=openai");
                spark.sql("SET embedlake.endpoint=" + fake.baseUrl());
                spark.sql("SET `embedlake.api-key`=file:" + key);
                spark.sql("SET `embedlake.limits.max-tokens`=100");
            }
            String query = "SELECT embedlake.embed(" + Lake.text("id") + ", 'text-embedding-3-small') FROM range(";
            String message = failure(one, query + "60)");
            assertTrue(message.contains("limits.max-tokens"), message);
            assertEquals(2, other.sql(query + "2)").collectAsList().size());
        }
    }

    /** A store is data of others: it must not decide where texts and keys are sent. */
    @Test
    void aColumnOfAProviderIsMadeAgainByACallThatNamesIt() throws IOException {
        Path key = Files.writeString(folder.resolve("key"), KEY);
        Lake lake = new Lake(folder);
        lake.manyItems(10);
        try (FakeProvider fake = FakeProvider.start(
                Settings.of(Provider.OPENAI).withKeys(KEY).withDimension(16), new HashedVectors(16))) {
            lake.run(
                    Lake.REDUCED.replace("hashing, dimensions: 64", "openai, model: text-embedding-3-small"),
                    "embeddings[0].endpoint=" + fake.baseUrl(),
                    "embeddings[0].api-key=file:" + key);
            SparkSession spark = session();
            String items = " FROM delta.`" + lake.path("items") + "`";
            String stored = "'store', 'delta.`" + lake.path("items_embeddings") + "`', 'reducer', 'pca-4'";
            String message = failure(spark, "SELECT embedlake.embed(text, map(" + stored + "))" + items);
            assertTrue(message.contains("a store does not decide where texts and keys go"), message);
            String call = "embedlake.embed(text, 'text-embedding-3-small', map(" + stored
                    + ", 'platform', 'openai', 'endpoint', '" + fake.baseUrl() + "', 'api-key', 'file:" + key + "'))";
            for (Row row : spark.sql("SELECT vector, " + call + items).collectAsList()) {
                assertEquals(row.getList(0), row.getList(1));
            }
        }
    }

    @Test
    void aStoreThatMayNotBeReadIsRefusedInASentence() {
        SparkSession spark = session();
        spark.sparkContext()
                .hadoopConfiguration()
                .set("fs." + UnreadableFiles.SCHEME + ".impl", UnreadableFiles.class.getName());
        String store = "delta.`" + UnreadableFiles.SCHEME + "://" + folder.resolve("embeddings") + "`";
        for (String options : List.of("'reducer', 'pca-64'", "'platform', 'tf-idf'")) {
            String message =
                    failure(spark, "SELECT embedlake.embed('a text', map('store', '" + store + "', " + options + "))");
            assertTrue(message.startsWith("Cannot ") && message.contains("Permission denied"), message);
            assertEquals(1, message.lines().count(), message);
        }
    }

    @Test
    void textsOfAllLengthsHaveAResult() {
        SparkSession spark = session();
        String result = "SELECT r.* FROM (SELECT embedlake.embed_result(text, map('max-tokens', '16')) AS r FROM VALUES"
                + " (%s) AS texts (text))";
        assertNull(row(spark, String.format(result, "CAST(NULL AS STRING)")).get(0));
        for (String blank : List.of("''", "' \t\u00a0'")) {
            Row row = row(spark, String.format(result, blank));
            assertNull(row.get(0));
            assertEquals("the text is blank", row.<String>getAs("error"));
        }
        Row large = row(spark, String.format(result, "repeat('ten bytes ', 1048576)"));
        assertEquals(384, large.getList(0).size());
        assertEquals(true, large.<Boolean>getAs("truncated"));
        assertNull(large.getAs("error"));
    }
}
