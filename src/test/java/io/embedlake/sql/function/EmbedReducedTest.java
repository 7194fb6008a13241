package io.embedlake.sql.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.TableRef;
import io.embedlake.lexical.HashingPlatform;
import io.embedlake.reduce.Reduction;
import io.embedlake.reduce.Truncation;
import io.embedlake.reduce.quality.Fit;
import io.embedlake.spark.job.Lake;
import io.embedlake.spark.store.ReducerStore;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.sql.EmbedlakeCatalog;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls that name a store: vectors as a job has published them, by its reducers and the models that it has fitted. */
class EmbedReducedTest {
    private static final String JOB =
            """
            job: test
            source: {table: delta.`items`, id: id}
            embeddings:
              - {column: short, attribute: text, platform: hashing, dimensions: 64, reduce: {dimensions: 4}}
              - {column: bytes, attribute: text, platform: hashing, dimensions: 64, reduce: {dimensions: 8, quantize: int8}}
              - {column: packed, attribute: text, platform: hashing, dimensions: 64, reduce: {quantize: packed, bytes: 8}}
              - {column: terms, attribute: text, platform: tf-idf, dimensions: 16, reduce: {dimensions: 4}}
              - {column: words, attribute: text, platform: word2vec, dimensions: 8, reduce: {method: none}}
            """;

    @TempDir
    private static Path folder;

    private static Lake lake;
    private static SparkSession spark;

    @BeforeAll
    static void embed() {
        lake = new Lake(folder);
        lake.manyItems(80);
        lake.run(JOB);
        spark = Lake.spark().newSession();
        spark.sql("SET spark.sql.catalog.embedlake=" + EmbedlakeCatalog.class.getName());
    }

    private static String store(String table) {
        return "delta.`" + lake.path(table) + "`";
    }

    private static String call(String function, String text, String options) {
        return "embedlake." + function + "(" + text + ", map('store', '" + store("items_embeddings") + "', " + options
                + "))";
    }

    private static List<Row> rows(String select) {
        return spark.sql("SELECT " + select + " FROM " + store("items")).collectAsList();
    }

    private static String failure(String query) {
        Throwable cause = assertThrows(Exception.class, () -> spark.sql(query).collectAsList(), query);
        while (!(cause instanceof EmbedlakeException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }

    private static void assertMakesTheColumn(String column, String call) {
        List<Row> rows = rows("id, " + column + ", " + call);
        assertEquals(80, rows.size());
        for (Row row : rows) {
            assertFalse(row.isNullAt(1));
            if (row.get(1) instanceof byte[] published) {
                assertArrayEquals(published, row.getAs(2), call);
            } else {
                assertEquals(row.getList(1), row.getList(2), call);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "short | embed        | 'reducer', 'pca-4 v1', 'column', 'short'",
                "short | embed        | 'reducer', 'pca-4', 'platform', 'hashing', 'dimensions', '64', 'column', 'SHORT'",
                "bytes | embed_int8   | 'reducer', 'pca-8-int8', 'platform', 'hashing', 'batch-tokens', '512'",
                "packed | embed_binary | 'reducer', 'pca-packed-8 v1'",
                "terms | embed        | 'reducer', 'pca-4', 'column', 'terms'",
                "words | embed        | 'platform', 'word2vec'",
                "words | embed        | 'column', 'words'"
            })
    void vectorsAreThoseOfTheColumn(String column, String function, String options) {
        assertMakesTheColumn(column, call(function, "text", options));
    }

    @Test
    void rowByRowTheyAreTheSame() {
        assertMakesTheColumn(
                "packed",
                "transform(array(text), one -> " + call("embed_binary", "one", "'reducer', 'pca-packed-8'") + ")[0]");
    }

    @Test
    void resultsHaveReducedVectors() {
        String ofTable = "'reducer', 'pca-4', 'column', 'short of " + store("items") + "'";
        assertMakesTheColumn("short", call("embed_result", "text", ofTable) + ".vector");
    }

    @Test
    void aLabelStandsForItsNewestVersion() {
        String newest = call("embed", "text", "'reducer', 'pca-9', 'platform', 'hashing', 'dimensions', '64'");
        String first = newest.replace("pca-9", "pca-9 v1");
        save(0, 3);
        assertEquals(3, rows(newest).get(0).getList(0).size());
        save(1, 5);
        assertEquals(5, rows(newest).get(0).getList(0).size());
        assertEquals(3, rows(first).get(0).getList(0).size());
    }

    /** A version of a reducer that keeps so many values. */
    private static void save(int before, int dimensions) {
        ReducerStore.Scope scope = new ReducerStore.Scope(
                TableRef.parse(store("others")),
                "vector",
                new HashingPlatform()
                        .describe(new EmbedderRequest(Optional.empty(), Map.of("dimensions", "64")))
                        .fingerprint(),
                "pca-9");
        Fit fit = new Fit(Reduction.of(new Truncation(dimensions)), 80, 1, 0, Optional.empty());
        new ReducerStore(new Tables(spark), TableRef.parse(store("items_embeddings")))
                .save(scope, before, fit, new RunId("run"), Instant.EPOCH.plusSeconds(before));
    }

    @Test
    void aModelOfAnUnknownRunHasToBeNamed() {
        save(0, 3);
        String message = failure("SELECT " + call("embed", "'a text'", "'reducer', 'pca-9'"));
        assertTrue(message.contains("Give the model and its options too."), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "embed | 'reducer', 'pca-4' | several columns have one (short of delta.`",
                "embed | 'reducer', 'pca-5', 'column', 'short' | Did you mean pca-4 v1? It has pca-4 v1, pca-8-int8 v1,",
                "embed | 'reducer', 'pca-4 v2' | Did you mean pca-4 v1?",
                "embed | 'reducer', 'pca-4', 'column', 'shirt' | it was fitted on short of delta.`",
                "embed_binary | 'reducer', 'pca-packed-8', 'platform', 'hashing', 'dimensions', '32' | a reducer makes vectors of its own model short",
                "embed_binary | 'reducer', 'pca-packed-8', 'platform', 'tf-idf', 'dimensions', '16' | has no model of it that was fitted on the column packed of",
                "embed | 'column', 'terms', 'vocabulary', '99' | a model belongs to the options that it was fitted with",
                "embed | 'reducer', 'pca-8-int8' | Call embed_int8, with the same arguments",
                "embed_result | 'reducer', 'pca-packed-8' | Call embed_binary, with the same arguments",
                "embed_int8 | 'reducer', 'pca-packed-8' | these options make vectors of type BINARY",
                "embed_int8 | 'column', 'words' | Call embed, with the same arguments",
                "embed | 'platform', 'hashing' | has no model that jobs fit",
                "embed | 'platform', 'bag-of-words' | Did you mean tf-idf? It has tf-idf, word2vec.",
                "embed | 'platform', 'hashing', 'column', 'words' | has no model that jobs fit",
                "embed | 'max-tokens', '8' | Name the column in the option column",
                "embed | 'reducr', 'pca-4' | unknown key reducr; did you mean reducer?",
                "embed | 'reduce.dimensions', '4' | a query writes no column"
            })
    void wrongOptionsAreRefusedInASentence(String function, String options, String part) {
        String message = failure("SELECT " + call(function, "text", options) + " FROM " + store("items"));
        assertTrue(message.startsWith("Cannot ") && message.contains(part), message);
        assertEquals(1, message.lines().count(), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'store', 'no.such.store', 'reducer', 'pca-4' | no.such.store",
                "'store', 'no_such_store', 'reducer', 'pca-4' | there is no table no_such_store_reducers",
                "'store', 'no_such_store' | there is no table no_such_store_models",
                "'store', 'no such', 'reducer', 'pca-4' | Cannot embed with the store: no such",
                "'reducer', 'pca-4' | it needs the option store",
                "'column', 'short' | it needs the option store",
                "'store', 'no_such_store', 'platform', 'hashing' | has no model that jobs fit",
                "'stor', 'no_such_store' | unknown key stor; did you mean store?"
            })
    void aStoreIsNamedThatIsThere(String options, String part) {
        String message = failure("SELECT embedlake.embed('a text', map(" + options + "))");
        assertTrue(message.startsWith("Cannot ") && message.contains(part), message);
        assertEquals(1, message.lines().count(), message);
    }
}
