package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.local.files.CacheFolder;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.search.ColumnSearch;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.ModelStore;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Fingerprint;
import io.embedlake.spi.Input;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose model is fitted on the column that they embed. */
class FittedPlatformsJobTest {
    private static final String TF_IDF =
            Lake.PLAIN.replace("platform: hashing, dimensions: 64", "platform: tf-idf, dimensions: 16");

    @TempDir
    Path folder;

    private Lake lake;

    @BeforeEach
    void openLake() {
        lake = new Lake(folder);
    }

    private Path file() {
        String hash = lake.row("SELECT sha256 FROM {items_embeddings_models}").getString(0);
        return CacheFolder.of(System.getenv()).resolve("fitted").resolve(hash + ".model");
    }

    @Test
    void modelIsFittedOnceAndServesLaterRunsAndSearches() {
        assertFittedOnce("word2vec");
    }

    @Tag("heavy")
    @Test
    void bagIsFittedOnceAndServesLaterRunsAndSearches() {
        assertFittedOnce("tf-idf");
    }

    private void assertFittedOnce(String platform) {
        lake.manyItems(60);
        JobSpec job = lake.job(TF_IDF.replace("tf-idf", platform).replace("{method: none}", "{dimensions: 4}"));
        lake.runs(job, 60, 60);
        lake.runs(job, 0, 0);
        lake.sql("INSERT INTO {items} (id, text) VALUES (61, 'word17 stands near word18')");
        lake.runs(job, 1, 1);
        Row model = lake.row("SELECT platform, version, sample_rows, length(bytes) FROM {items_embeddings_models}");
        assertEquals(platform, model.getString(0));
        assertEquals(1, model.getInt(1));
        assertEquals(60, model.getLong(2));
        assertEquals(4, lake.vectors().get(17L).size());
        assertEquals(platform, lake.properties("items").get("embedlake.vector.platform"));
        String text = lake.row("SELECT text FROM {items} WHERE id = 17").getString(0);
        List<Row> found = new ColumnSearch(Lake.spark(), job)
                .nearest(Input.of(text), 3, Optional.empty(), Optional.empty())
                .collectAsList();
        assertTrue(
                found.stream().anyMatch(row -> row.getLong(1) == 17 && row.getDouble(0) > 0.99999), found.toString());
    }

    @Tag("heavy")
    @Test
    void planFitsNothingAndWritesNothing() {
        lake.manyItems(60);
        JobSpec job = lake.job(TF_IDF);
        Map<String, Long> before = lake.versions();
        WorkPlan plan = lake.plan(job);
        assertEquals(before, lake.versions());
        assertFalse(lake.exists("items_embeddings_models"));
        WorkPlan.ColumnPlan column = plan.columns().get(0);
        assertEquals("tf-idf tf-idf, to be fitted", column.model());
        assertEquals(60, column.counts().toEmbed());
        assertEquals(60 * 4, column.tokens().orElseThrow().tokens());
        lake.run(job);
        column = lake.plan(job).columns().get(0);
        assertTrue(column.model().startsWith("tf-idf tf-idf of "), column.model());
        assertEquals(List.of("the model was fitted on 60 of the column's texts"), column.notes());
        assertEquals(new WorkPlan.Counts(0, 0, 0, 0, 0, 0, 0, 0, 0), column.counts(), "no row has changed");
    }

    @Tag("heavy")
    @Test
    void modelIsFittedOnAsManyTextsAsTheJobSays() {
        lake.manyItems(3000);
        lake.run(lake.job(TF_IDF, "embeddings[0].fit-rows=500"));
        long sampled = lake.number("SELECT sample_rows FROM {items_embeddings_models}");
        assertTrue(sampled > 400 && sampled < 600, sampled + " texts");
        assertEquals(3000, lake.number("SELECT count(*) FROM {items} WHERE vector IS NOT NULL"));
    }

    @Tag("heavy")
    @Test
    void textWithoutAKnownWordIsRejected() {
        lake.manyItems(60);
        JobSpec job = lake.job(TF_IDF, "errors.max-rate=1");
        lake.run(job);
        lake.sql("INSERT INTO {items} (id, text) VALUES (61, 'neither nor'), (62, 'near one')");
        ColumnRecord record = Lake.only(lake.run(job));
        assertEquals(1, record.embedded());
        assertEquals(2, record.tokens());
        assertEquals(1, record.unknown());
        assertEquals(1, record.rejected());
        assertEquals(
                1,
                lake.number("SELECT max(columns[0].unknown) FROM {items_embeddings_runs}"),
                "unknown words in the log");
        assertNull(lake.vectors().get(61L));
        assertEquals(
                "none of the 2 words of the text is in the model's vocabulary",
                lake.row("SELECT reason FROM {items_embeddings_rejected}").getString(0));
    }

    @Tag("heavy")
    @Test
    void vectorsOfTheWholeVocabularyAreThereWhenAskedFor() {
        lake.items("red apples", "green apples", "blue plums");
        lake.run(lake.job(TF_IDF, "embeddings[0].dimensions=vocabulary"));
        assertEquals(5, lake.vectors().get(1L).size());
    }

    @Tag("heavy")
    @Test
    void columnOfBlankTextsIsRefused() {
        lake.items(" ", null, "\t");
        lake.refuses(
                lake.job(TF_IDF),
                ErrorKind.CONFIGURATION,
                "Cannot fit the model of the column vector: the source of delta.`",
                "has no text for it (the platform tf-idf is fitted on the column's own texts)");
    }

    @Test
    void fewerTextsThanDimensionsAreRefused() {
        lake.manyItems(10);
        lake.refuses(
                lake.job(TF_IDF),
                ErrorKind.CONFIGURATION,
                "Cannot fit 16 dimensions: the sample has 10 texts",
                "Set dimensions to at most 10, or to vocabulary.");
    }

    @Tag("heavy")
    @Test
    void otherSettingsThanTheColumnWasFittedWithAreRefusedBeforeAnythingIsFitted() {
        lake.manyItems(60);
        lake.run(lake.job(TF_IDF));
        lake.refuses(
                lake.job(TF_IDF, "embeddings[0].vocabulary=50"),
                ErrorKind.CONFIGURATION,
                "and the job makes vectors of tf-idf, to be fitted with the fingerprint",
                "vectors of two fingerprints are never mixed");
    }

    @Tag("heavy")
    @Test
    void columnWhoseModelIsGoneIsRefused() {
        lake.manyItems(60);
        JobSpec job = lake.job(TF_IDF);
        lake.run(job);
        lake.sql("DELETE FROM {items_embeddings_models}");
        lake.refuses(job, ErrorKind.CONFIGURATION, "vectors of two fingerprints are never mixed");
    }

    @Tag("heavy")
    @Test
    void damagedFileIsWrittenAnewAndADamagedRowIsRefused() throws IOException {
        lake.manyItems(60);
        JobSpec job = lake.job(TF_IDF);
        lake.run(job);
        byte[] sound = Files.readAllBytes(file());
        Files.write(file(), new byte[] {1, 2, 3});
        lake.runs(job, 0, 0);
        assertArrayEquals(sound, Files.readAllBytes(file()));
        Path file = file();
        lake.sql("UPDATE {items_embeddings_models} SET bytes = X'010203'");
        Files.delete(file);
        lake.refuses(
                job,
                ErrorKind.STORAGE,
                "Cannot use the fitted model of the column vector: its 3 bytes in delta.`",
                "do not have the checksum that stands beside them");
    }

    @Tag("heavy")
    @Test
    void ofTwoModelsThatAreFittedAtOnceTheFirstStays() {
        lake.manyItems(1);
        JobSpec job = lake.job(TF_IDF);
        ModelStore store = new ModelStore(new Tables(Lake.spark()), job.target().store());
        ModelStore.Scope scope = new ModelStore.Scope(
                job.target().table(), "vector", "tf-idf", Fingerprint.of(Map.of("vocabulary", "7")));
        assertEquals(Optional.empty(), store.latest(scope));
        ModelStore.Versioned first =
                store.saveFirst(scope, new byte[] {1}, 10, new RunId("one"), Instant.ofEpochSecond(1));
        assertEquals(first, store.saveFirst(scope, new byte[] {2}, 20, new RunId("two"), Instant.ofEpochSecond(2)));
        assertEquals(Optional.of(first), store.latest(scope));
        assertArrayEquals(new byte[] {1}, store.bytes(scope, first));
        assertEquals(10, first.sampleRows());
        Lake.refused(
                ErrorKind.CONFIGURATION,
                () -> store.saveFirst(scope, new byte[(100 << 20) + 1], 20, new RunId("two"), Instant.ofEpochSecond(2)),
                "it has 104857601 bytes (at most 104857600). Set vocabulary or dimensions to less.");
    }
}
