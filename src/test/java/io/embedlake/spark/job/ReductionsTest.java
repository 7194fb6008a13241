package io.embedlake.spark.job;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.spark.evaluate.ColumnEvaluation;
import io.embedlake.spark.evaluate.Evaluation;
import io.embedlake.spark.search.ColumnSearch;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.ReductionRecord;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReductionsTest {
    @TempDir
    Path folder;

    private Lake lake;

    @BeforeEach
    void prepare() {
        lake = new Lake(folder);
    }

    private JobSpec job(String reduce) {
        return lake.job(Lake.PLAIN.replace("{method: none}", reduce));
    }

    private List<Row> nearest(JobSpec job, long id, int k) {
        String text = lake.row("SELECT text FROM {items} WHERE id = " + id).getString(0);
        return new ColumnSearch(Lake.spark(), job)
                .nearest(Input.of(text), k, Optional.empty(), Optional.empty())
                .collectAsList();
    }

    private static List<Long> ids(List<Row> rows) {
        return rows.stream().map(row -> row.<Long>getAs("id")).collect(Collectors.toList());
    }

    @Tag("heavy")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{dimensions: 32, quantize: int8}|pca-32-int8 v1|array<tinyint>|32",
                "{method: autoencoder, dimensions: 16}|autoencoder-16 v1|array<float>|64",
                "{dimensions: 64, quantize: binary}|pca-64-binary v1|binary|8",
                "{method: truncate, dimensions: 48, quantize: packed, bytes: 20}|truncate-48-packed-20 v1|binary|20",
                "{method: mllib-pca, dimensions: 32, center: true}|mllib-pca-32-centered v1|array<float>|128"
            })
    void soAreThoseOfOtherMethods(String reduce, String name, String type, int bytes) {
        codesArePublishedAndSearched(reduce, name, type, bytes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{quantize: packed, bytes: 24}|pca-packed-24 v1|binary|24"})
    void codesArePublishedAndSearched(String reduce, String name, String type, int bytes) {
        lake.manyItems(150);
        JobSpec job = job(reduce);
        ReductionRecord reduction = Lake.only(lake.run(job)).reduction();
        assertEquals(name, reduction.name());
        assertEquals(bytes, reduction.quality().orElseThrow().bytes());
        assertEquals(
                type, lake.rows("items").schema().apply("vector").dataType().catalogString());
        assertEquals(150, lake.number("SELECT count(vector) FROM {items}"));
        List<Row> found = nearest(job, 17, 3);
        assertEquals(
                List.of("score", "id", "text"), List.of(found.get(0).schema().fieldNames()));
    }

    @Tag("heavy")
    @Test
    void aNewTextGetsTheCodesOfTheSameVersion() {
        lake.manyItems(150);
        JobSpec job = job("{quantize: packed, bytes: 24}");
        lake.run(job);
        assertTrue(nearest(job, 17, 12).stream().anyMatch(row -> row.<Long>getAs("id") == 17L));
        // A second run finds all in the store and changes nothing.
        long version = lake.version("items");
        lake.runs(job, 0, 0);
        assertEquals(version, lake.version("items"));
        lake.sql("INSERT INTO {items} (id, text) VALUES (1000, 'word17 stands near number 26 again')");
        lake.runs(job, 1, 1);
        assertEquals("pca-packed-24 v1", lake.properties("items").get("embedlake.vector.reducer"));
        assertEquals(1, lake.number("SELECT count(*) FROM {items} WHERE id = 1000 AND vector IS NOT NULL"));
    }

    @Tag("heavy")
    @Test
    void fullVectorsBesideShortOnesRankTheCandidatesAgain() {
        lake.manyItems(150);
        JobSpec job = job("{dimensions: 48, quantize: binary, keep-full: true}");
        lake.run(job);
        assertEquals(64, lake.number("SELECT min(size(vector_full)) FROM {items}"));
        assertEquals("none", lake.properties("items").get("embedlake.vector_full.reducer"));
        JobSpec full = lake.job(Lake.PLAIN.replace("column: vector", "column: other"));
        lake.run(full);
        List<Row> exact = nearest(full, 17, 10);
        List<Row> ranked = nearest(job, 17, 10);
        assertEquals(ids(exact), ids(ranked));
        assertEquals(exact.get(3).getDouble(0), ranked.get(3).getDouble(0), 1e-6);
        lake.refuses(
                job("{dimensions: 48, quantize: binary}"),
                ErrorKind.CONFIGURATION,
                "Cannot leave the column vector_full of ",
                "Set reduce.keep-full to true, or drop the column");
    }

    @Tag("heavy")
    @Test
    void aRefitPublishesAllRowsWithANewVersion() {
        lake.manyItems(60);
        JobSpec job = job("{dimensions: 4}");
        lake.run(job);
        lake.sql(
                "INSERT INTO {items} (id, text) SELECT id + 1000, concat('quite another ', id, ' kind of text ', id * 13 % 17)"
                        + " FROM range(200)");
        ReductionRecord before = Lake.only(lake.run(job)).reduction();
        assertEquals("pca-4 v1", before.name());
        assertTrue(before.drift().orElseThrow() > 1.2, before.toString());
        assertTrue(before.isOutdated());

        RunRecord refitted = Lake.run(job, Anew.REDUCTIONS);
        ColumnRecord column = Lake.only(refitted);
        assertEquals("pca-4 v2", column.reduction().name());
        assertEquals(0, column.embedded());
        assertEquals(260, refitted.rowsPublished());
        assertTrue(column.reduction().drift().isEmpty());
        assertEquals("pca-4 v2", lake.properties("items").get("embedlake.vector.reducer"));
        assertEquals(2, lake.number("SELECT count(*) FROM {items_embeddings_reducers}"));
        assertEquals(1, nearest(job, 17, 1).get(0).getDouble(0), 1e-5);
        lake.runs(job, 0, 0);
        assertEquals("pca-4 v2", lake.properties("items").get("embedlake.vector.reducer"));
    }

    @Tag("heavy")
    @Test
    void aColumnIsNotSearchedWhileItsVectorsAreReplaced() {
        lake.manyItems(30);
        JobSpec job = job("{dimensions: 4}");
        lake.run(job);
        lake.sql("ALTER TABLE {items} SET TBLPROPERTIES ('embedlake.vector.announced-reducer' = 'pca-4 v2')");
        assertMisconfigured(
                () -> nearest(job, 17, 1), "its vectors are being replaced, those of pca-4 v1 by those of pca-4 v2");
    }

    @Tag("heavy")
    @Test
    void aDamagedReductionIsNamed() {
        lake.manyItems(30);
        JobSpec job = job("{dimensions: 4}");
        lake.run(job);
        lake.sql("UPDATE {items_embeddings_reducers} SET components = slice(components, 1, 5)");
        lake.sql("INSERT INTO {items} (id, text) VALUES (1000, 'a text that came later')");
        lake.refuses(
                job,
                ErrorKind.STORAGE,
                "Cannot use the reduction v1 of ",
                "5 values of components instead of 256",
                "run the job with a refit");
    }

    @Test
    void aJobStopsBelowItsRecallAndHasSavedWhatItEmbedded() {
        lake.manyItems(120);
        assertMisconfigured(
                () -> lake.run(job("{dimensions: 2, min-recall: 0.99}")),
                "Cannot publish the column vector: pca-2 finds 0.",
                "of the ten nearest neighbours again, in 8 bytes a row (reduce.min-recall is 0.99)");
        assertFalse(List.of(lake.rows("items").columns()).contains("vector"));
        assertEquals(120, lake.number("SELECT count(*) FROM {items_embeddings}"));
        assertEquals(
                0, Lake.only(lake.run(job("{dimensions: 2, min-recall: 0}"))).embedded());
    }

    @Tag("heavy")
    @Test
    void fewTextsArePaddedByChoice() {
        lake.manyItems(5);
        ReductionRecord reduction =
                Lake.only(lake.run(job("{dimensions: 16, few-rows: pad}"))).reduction();
        assertEquals("pca-16 v1", reduction.name());
        assertTrue(reduction.quality().isEmpty());
        assertEquals(16, lake.number("SELECT min(size(vector)) FROM {items}"));
        assertEquals(0, lake.number("SELECT count(*) FROM {items} WHERE exists(slice(vector, 5, 12), x -> x <> 0)"));
        assertEquals(
                1, nearest(job("{dimensions: 16, few-rows: pad}"), 3, 1).get(0).getDouble(0), 1e-5);
    }

    @Tag("heavy")
    @Test
    void tokensHaveCodesToo() {
        lake.items("one short text", "and another short one", "a third text that is longer", "the last of them all");
        JobSpec job = lake.job(Lake.PLAIN
                .replace(
                        "platform: hashing, dimensions: 64",
                        "platform: huggingface, granularity: token, merge-words: true")
                .replace("{method: none}", "{dimensions: 8, quantize: int8}"));
        assertEquals("pca-8-int8 v1", Lake.only(lake.run(job)).reduction().name());
        assertEquals(8, lake.number("SELECT max(size(vector)) FROM (SELECT inline(vector) FROM {items})"));
    }

    @Test
    void evaluateComparesOthersOfTheSameSizeAndSmaller() {
        lake.manyItems(300);
        JobSpec job = job("{dimensions: 8}");
        lake.run(job);
        Evaluation evaluation = new ColumnEvaluation(Lake.spark(), job, new RecordingObserver())
                .evaluate(Optional.empty(), 200, Optional.of("id"));
        assertEquals(200, evaluation.rows());
        assertEquals(64, evaluation.dimensions());
        assertEquals(64, evaluation.spectrum().length);
        assertEquals(32, evaluation.chosen().quality().bytes());
        assertTrue(evaluation.ladder().stream()
                .allMatch(candidate -> candidate.quality().bytes() <= 32));
        assertTrue(evaluation.ladder().stream()
                .anyMatch(candidate -> candidate.reduce().label().equals("pca-packed-32")));
        assertTrue(evaluation.taken().quality().recallAt10()
                >= evaluation.chosen().quality().recallAt10());
        assertTrue(evaluation.map().stream().allMatch(place -> place.group().matches("\\d+")));
        assertTrue(evaluation.advice().endsWith("."), evaluation.advice());
        assertEquals(1, lake.number("SELECT count(*) FROM {items_embeddings_reducers}"));
    }

    @Tag("heavy")
    @Test
    void evaluateNeedsVectorsAndAColumnThatIsThere() {
        lake.manyItems(30);
        JobSpec job = job("{dimensions: 4}");
        ColumnEvaluation evaluation = new ColumnEvaluation(Lake.spark(), job, new RecordingObserver());
        assertMisconfigured(
                () -> evaluation.evaluate(Optional.empty(), 100, Optional.empty()),
                "has no vectors",
                "Run the job first");
        lake.run(job);
        assertMisconfigured(
                () -> new ColumnEvaluation(Lake.spark(), job, new RecordingObserver())
                        .evaluate(Optional.empty(), 100, Optional.of("colour")),
                "Cannot colour the map of vector by colour: the source has no such column");
    }
}
