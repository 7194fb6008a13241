package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.ModelTokens;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.spark.search.ColumnSearch;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns with a vector for each token, from the source to the target. */
class TokenColumnsTest {
    private static final Path MODEL =
            Path.of("src/test/resources/golden/tiny/bert").toAbsolutePath();
    private static final String TOKENS =
            """
            job: tokens
            source: {table: delta.`items`, id: id}
            embeddings:
              - {column: vectors, attribute: text, model: %s, precision: fp32, granularity: token, reduce: {method: none}}
            """
                    .formatted(MODEL);
    private static final String WORDS = TOKENS.replace("granularity: token", "granularity: token, merge-words: true");
    private static final String REDUCED = WORDS.replace("{method: none}", "{dimensions: 4}");
    private static final String TYPE = "array<struct<start:int,end:int,vector:array<float>>>";

    @TempDir
    Path folder;

    private Lake lake;

    @BeforeEach
    void makeLake() {
        lake = new Lake(folder);
    }

    /** The parts of the texts that the spans name, as a user finds them in SQL; null where a row has no vectors. */
    private List<List<String>> parts() {
        List<List<String>> parts = new ArrayList<>();
        lake.rows("items")
                .orderBy("id")
                .selectExpr("transform(vectors, token -> substring(text, token.start + 1, token.end - token.start))")
                .collectAsList()
                .forEach(row -> parts.add(row.isNullAt(0) ? null : row.getList(0)));
        return parts;
    }

    @Test
    void everyWordHasItsSpanAndVector() {
        lake.items("red apples", null, "\ud83d\ude42 gr\u00fcn, blau", " ");
        lake.runs(lake.job(WORDS), 2, 2);

        List<List<String>> expected = new ArrayList<>(List.of(List.of("red", "apples")));
        expected.add(null);
        expected.add(List.of("\ud83d\ude42", "gr\u00fcn", ",", "blau"));
        expected.add(null);
        assertEquals(expected, parts());
        assertEquals(
                TYPE, lake.rows("items").schema().apply("vectors").dataType().catalogString());
        assertEquals(
                List.of(32),
                lake
                        .rows("items")
                        .selectExpr("inline(vectors)")
                        .selectExpr("size(vector)")
                        .distinct()
                        .collectAsList()
                        .stream()
                        .map(row -> row.getInt(0))
                        .toList());
    }

    @Tag("heavy")
    @Test
    void tokensOfAServerAreThoseOfTheSameModelOnThisMachine() {
        lake.items("red apples", null, "\ud83d\ude42 gr\u00fcn, blau", " ", "unbelievable");
        try (ModelTokens model = new ModelTokens();
                FakeProvider fake = FakeProvider.start(Settings.of(Provider.TEI), model)) {
            ColumnRecord column = Lake.only(lake.run(lake.job(
                    """
                    job: tokens
                    source: {table: delta.`items`, id: id}
                    embeddings:
                      - {column: remote, attribute: text, platform: tei, endpoint: "%s", granularity: token,
                         model: sentence-transformers/all-MiniLM-L6-v2, reduce: {method: none}}
                    """
                            .formatted(fake.origin()))));
            assertEquals(3, column.embedded());
        }
        lake.run(
                lake.job(
                        """
                job: tokens
                source: {table: delta.`items`, id: id}
                embeddings:
                  - {column: local, attribute: text, precision: fp32, granularity: token, reduce: {method: none}}
                """));
        assertEquals(
                0,
                lake.number(
                        """
                        SELECT count(*) FROM {items} WHERE
                          transform(remote, t -> struct(t.start, t.end)) IS DISTINCT FROM transform(local, t -> struct(t.start, t.end))"""));
        assertEquals(
                0,
                lake.number(
                        """
                        SELECT count(*) FROM (SELECT inline(arrays_zip(remote, local)) FROM {items})
                          WHERE exists(zip_with(remote.vector, local.vector, (x, y) -> abs(x - y)), d -> d > 1e-5)"""));
    }

    @Test
    void aRunCountsTextsAndVectors() {
        lake.items("red apples", "red apples", "green");
        ColumnRecord column = Lake.only(lake.run(WORDS));
        assertEquals(2, column.embedded());
        assertEquals(3, column.vectors());
    }

    @Test
    void tokensAreReducedWithAReducerOfTheirOwn() {
        lake.manyItems(40);
        JobSpec job = lake.job(REDUCED);
        ColumnRecord column = Lake.only(lake.run(job));
        assertEquals("pca-4 v1", column.reduction().name());
        assertTrue(column.reduction().varianceKept() > 0 && column.reduction().varianceKept() < 1);
        assertEquals(
                4,
                lake.number("SELECT max(size(vector)) FROM (SELECT inline(vectors) FROM {items})"),
                "the length of published vectors");
        assertEquals(
                32,
                lake.number("SELECT min(size(vector)) FROM (SELECT inline(spans) FROM {items_embeddings_spans})"),
                "the length of stored vectors");
        assertEquals(0, lake.number("SELECT count(*) FROM {items_embeddings}"));
        lake.runs(job, 0, 0);
    }

    @Tag("heavy")
    @Test
    void onlyChangedTextsAreEmbeddedAndPublishedAgain() {
        lake.manyItems(40);
        JobSpec job = lake.job(REDUCED);
        lake.run(job);
        lake.sql("UPDATE {items} SET text = 'something else' WHERE id = 7");
        lake.sql("UPDATE {items} SET text = NULL WHERE id = 8");
        lake.sql("OPTIMIZE {items}");
        lake.runs(job, 1, 2);
        assertEquals(List.of("something", "else"), parts().get(6));
        assertEquals(null, parts().get(7));
        lake.runs(job, 0, 0);
    }

    @Tag("heavy")
    @Test
    void whatIsLostFromTheStoreIsEmbeddedAgain() {
        lake.items("red apples", "green pears");
        JobSpec job = lake.job(TOKENS);
        lake.run(job);
        lake.sql("DELETE FROM {items_embeddings_spans}");
        lake.runs(job, 2, 0);
    }

    @Tag("heavy")
    @Test
    void twoGranularitiesStandBesideEachOther() {
        lake.items("red apples", "green pears");
        String both = WORDS
                + "  - {column: vector, attribute: text, model: %s, precision: fp32, reduce: {method: none}}\n"
                        .formatted(MODEL);
        lake.runs(lake.job(both), 4, 2);
        assertEquals(
                "array<float>",
                lake.rows("items").schema().apply("vector").dataType().catalogString());
        assertEquals(2, lake.number("SELECT count(*) FROM {items} WHERE size(vector) = 32 AND size(vectors) = 2"));
        lake.runs(lake.job(both), 0, 0);
    }

    @Tag("heavy")
    @Test
    void mergedWordsAreNotMixedWithTokens() {
        lake.items("red apples", "green pears");
        lake.run(WORDS);
        lake.refuses(lake.job(TOKENS), ErrorKind.CONFIGURATION, "vectors of two fingerprints are never mixed");
    }

    @Test
    void aColumnOfWholeTextsCannotHoldTokens() {
        lake.items("red apples");
        lake.sql("ALTER TABLE {items} ADD COLUMN vectors ARRAY<FLOAT>");
        lake.refuses(
                lake.job(WORDS),
                ErrorKind.CONFIGURATION,
                "it is of type ARRAY<FLOAT>",
                "its vectors are of type ARRAY<STRUCT<start: INT, end: INT, vector: ARRAY<FLOAT>>>");
    }

    @Tag("heavy")
    @Test
    void tooFewTokensForAReductionAreCounted() {
        lake.items("red", "green");
        Lake.refused(
                ErrorKind.CONFIGURATION,
                () -> lake.run(REDUCED),
                "there are 2 tokens (at least 5 are needed)",
                "Set reduce.method to none");
    }

    @Test
    void theColumnCannotBeSearched() {
        lake.items("red apples");
        JobSpec job = lake.job(WORDS);
        lake.run(job);
        Lake.refused(
                ErrorKind.CONFIGURATION,
                () -> new ColumnSearch(Lake.spark(), job)
                        .nearest(Input.of("red"), 1, Optional.empty(), Optional.empty()),
                "Cannot search the column vectors",
                "granularity attribute");
    }

    @Tag("heavy")
    @Test
    void aTextIsEmbeddedTheSameAloneAndAmongOthers() {
        lake.items(
                "red apples and green pears", "blue", "a much longer text with many more words in it than the others");
        lake.run(TOKENS);
        List<Row> together =
                lake.rows("items").where("id = 1").select("vectors").collectAsList();
        lake.sql("DELETE FROM {items} WHERE id <> 1");
        lake.sql("DELETE FROM {items_embeddings_spans}");
        lake.sql("UPDATE {items} SET vectors = NULL");
        lake.run(TOKENS);
        List<Row> alone = lake.rows("items").select("vectors").collectAsList();
        List<Row> expected = together.get(0).getList(0);
        List<Row> actual = alone.get(0).getList(0);
        assertFalse(expected.isEmpty());
        assertEquals(expected.size(), actual.size());
        for (int token = 0; token < expected.size(); token++) {
            List<Float> one = expected.get(token).getList(2);
            List<Float> other = actual.get(token).getList(2);
            for (int i = 0; i < one.size(); i++) {
                assertEquals(one.get(i), other.get(i), 1e-4);
            }
        }
    }
}
