package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.run.Progress;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Others write the tables of a job between any two of its steps. */
class ChangesDuringARunTest {
    private static final String TWO_COLUMNS = Lake.REDUCED
            + "  - {column: loud, attribute: \"{text}!\", platform: hashing, dimensions: 64, reduce: {dimensions: 3}}\n"
            + "  - {column: again, attribute: text, platform: hashing, dimensions: 64, reduce: {dimensions: 3}}\n";

    private static final String COPIED = (Lake.PLAIN
                    + "  - {column: loud, attribute: \"{text}!\", platform: hashing, dimensions: 64, reduce: {method: none}}\n")
            .replace("embeddings:", "target: {table: delta.`copy`}\nembeddings:");

    @TempDir
    private Path folder;

    private Lake lake;

    @BeforeEach
    void makeTable() {
        lake = new Lake(folder);
        lake.items("red apples", "green pears", null, "blue plums", "black grapes", "figs", "old dates", "lemons");
    }

    /** Does something when the plan is made and whenever a step begins. */
    private static final class Meanwhile implements JobObserver {
        private final Runnable action;
        private final List<String> steps = new ArrayList<>();

        Meanwhile(Runnable action) {
            this.action = action;
        }

        @Override
        public void planned(WorkPlan plan) {
            action.run();
        }

        @Override
        public void phase(String what) {
            steps.add(what);
            action.run();
        }

        @Override
        public void progress(Progress progress) {}
    }

    /** Appends a row to {@code items} at each step. */
    private Meanwhile writer() {
        AtomicInteger id = new AtomicInteger(100);
        return new Meanwhile(() -> lake.sql(
                "INSERT INTO {items} (id, text) VALUES (" + id.incrementAndGet() + ", 'late row " + id + "')"));
    }

    private static long embedded(RunRecord run) {
        return run.columns().stream().mapToLong(ColumnRecord::embedded).sum();
    }

    @Test
    void rowsThatComeBetweenAnyTwoStepsBelongToTheNextRun() {
        JobSpec job = lake.job(TWO_COLUMNS);
        Meanwhile writer = writer();
        RunRecord run = lake.report(job, writer);

        // The first row comes before the source is looked at.
        assertEquals(9, run.rows());
        assertEquals(8, run.rowsPublished());
        assertEquals(16, embedded(run), "the third column has the texts of the first");
        assertTrue(writer.steps.size() > 6, () -> "" + writer.steps);
        assertEquals(1 + writer.steps.size(), lake.number("SELECT count(*) FROM {items} WHERE id > 100"));
        assertEquals(
                0, lake.number("SELECT count(*) FROM {items} WHERE id <= 101 AND text IS NOT NULL AND vector IS NULL"));
        assertEquals(
                0,
                lake.number(
                        "SELECT count(*) FROM {items} WHERE id > 101 AND coalesce(vector, loud, again) IS NOT NULL"));
        assertEquals(
                lake.number("SELECT max(tables.source.version) FROM {items_embeddings_runs}"),
                run.tables().source().orElseThrow().number());

        long late = writer.steps.size();
        lake.runs(job, 2 * late, late);
        assertEquals(
                0,
                lake.number(
                        "SELECT count(*) FROM {items} WHERE text IS NOT NULL AND (vector IS NULL OR loud IS NULL OR again IS NULL)"));
        lake.runs(job, 0, 0);
    }

    @Tag("heavy")
    @Test
    void copyHoldsTheRowsThatTheRunBeganWith() {
        JobSpec job = lake.job(COPIED);
        Meanwhile writer = writer();
        assertEquals(9, lake.report(job, writer).rowsPublished());
        assertEquals(0, lake.number("SELECT count(*) FROM {copy} WHERE id > 101"));
        lake.sql("DELETE FROM {items} WHERE id = 1");
        Meanwhile second = new Meanwhile(() -> lake.sql("UPDATE {items} SET text = concat(text, '.') WHERE id = 2"));
        RunRecord run = lake.report(job, second);
        assertEquals(
                writer.steps.size() + 2, run.rowsPublished(), "the late rows, the deleted one and the changed one");
        assertEquals(
                "green pears.", lake.row("SELECT text FROM {copy} WHERE id = 2").getString(0));
        assertEquals(
                0,
                lake.number("SELECT count(*) FROM {copy} WHERE text IS NOT NULL AND (vector IS NULL OR loud IS NULL)"));
    }

    @Tag("heavy")
    @Test
    void changedAndDeletedRowsOfATableThatIsItsOwnTargetAreLeftForTheNextRun() {
        JobSpec job = lake.job(Lake.PLAIN);
        RecordingObserver observer = new RecordingObserver().when("Publishing", () -> {
            lake.sql("UPDATE {items} SET text = 'yellow lemons' WHERE id = 1");
            lake.sql("UPDATE {items} SET text = NULL WHERE id = 2");
            lake.sql("UPDATE {items} SET text = 'a text at last' WHERE id = 3");
            lake.sql("DELETE FROM {items} WHERE id = 4");
            lake.sql("UPDATE {items} SET id = 55 WHERE id = 5");
        });
        lake.report(job, observer);
        assertEquals(List.of(6L, 7L, 8L), withVectors());
        lake.runs(job, 2, 3);
        assertEquals(List.of(1L, 3L, 6L, 7L, 8L, 55L), withVectors());
        assertEquals(Lake.hashed("yellow lemons"), lake.vectors().get(1L));
        assertEquals(Lake.hashed("black grapes"), lake.vectors().get(55L));
    }

    private List<Long> withVectors() {
        return lake.rows("items").where("vector IS NOT NULL").orderBy("id").select("id").collectAsList().stream()
                .map(row -> row.getLong(0))
                .toList();
    }

    @Tag("heavy")
    @ParameterizedTest
    @ValueSource(strings = {"csv", "parquet"})
    void filesThatComeMeanwhileBelongToTheNextRun(String format) {
        Path landing = lake.path("landing");
        lake.rows("items").write().format(format).option("header", "true").save(landing.toString());
        AtomicInteger id = new AtomicInteger(100);
        Meanwhile writer = new Meanwhile(() -> Lake.spark()
                .sql("SELECT " + id.incrementAndGet() + "L AS id, 'late " + id + "' AS text")
                .write()
                .format(format)
                .option("header", "true")
                .mode(SaveMode.Append)
                .save(landing.toString()));
        JobSpec job = lake.job(COPIED.replace("table: delta.`items`", "path: landing, format: " + format));
        assertEquals(9, lake.report(job, writer).rowsPublished());
        assertEquals(9, lake.number("SELECT count(*) FROM {copy}"));
        long late = writer.steps.size();
        lake.runs(job, 2 * late, late);
        assertEquals(
                0,
                lake.number("SELECT count(*) FROM {copy} WHERE text IS NOT NULL AND (vector IS NULL OR loud IS NULL)"));
    }

    /** Of a view every step sees what is there: nothing fails, and the next run makes it right. */
    @Tag("heavy")
    @Test
    void rowsOfAViewThatComeMeanwhileAreMadeRightByTheNextRun() {
        lake.sql("CREATE OR REPLACE VIEW fruit_now AS SELECT * FROM {items} WHERE id <> 8");
        JobSpec job = lake.job(COPIED.replace("delta.`items`", "fruit_now"));
        lake.report(job, writer());
        lake.run(job);
        assertEquals(
                lake.number("SELECT count(*) FROM {items} WHERE id <> 8"),
                lake.number(
                        "SELECT count(*) FROM {copy} WHERE text IS NULL OR (vector IS NOT NULL AND loud IS NOT NULL)"));
        lake.runs(job, 0, 0);
        Lake.spark().sql("DROP VIEW fruit_now");
    }

    @Tag("heavy")
    @Test
    void anotherJobOnTheStoreMayEmbedTheSameTextsMeanwhile() {
        JobSpec job = lake.job(Lake.PLAIN, "target.store=delta.`shared`");
        JobSpec other = lake.job(Lake.PLAIN.replace("column: vector", "column: other"), "target.store=delta.`shared`");
        lake.sql("CREATE TABLE {others} USING delta AS SELECT * FROM {items} WHERE id < 5");
        JobSpec onOthers = lake.job(Lake.PLAIN, "target.store=delta.`shared`", "source.table=delta.`others`");
        lake.run(lake.job(
                Lake.PLAIN, "target.store=delta.`shared`", "source.table=delta.`others`", "source.where=id = 1"));
        RunRecord run = lake.report(job, new RecordingObserver().when("Embedding", () -> lake.run(onOthers)));
        assertEquals(4, embedded(run), "the others are in the store by now");
        assertEquals(7, Lake.only(run).alreadyEmbedded() + embedded(run));
        assertEquals(7, withVectors().size());
        lake.runs(job, 0, 0);
        lake.runs(other, 0, 7);
    }

    /** What a text has lost from the store since it was counted is embedded once more. */
    @Tag("heavy")
    @Test
    void textsThatSomebodyRemovesFromTheStoreMeanwhileAreEmbeddedAgain() {
        JobSpec job = lake.job(Lake.PLAIN);
        lake.run(lake.job(Lake.PLAIN, "source.where=id < 5"));
        RecordingObserver observer =
                new RecordingObserver().when("Embedding", () -> lake.sql("DELETE FROM {items_embeddings}"));
        RunRecord run = lake.report(job, observer);
        assertEquals(7, withVectors().size());
        assertEquals(0, Lake.only(run).rejected());
        lake.runs(job, 0, 0);
    }

    @Tag("heavy")
    @Test
    void aVersionThatIsVacuumedMeanwhileIsOneSentence() throws IOException {
        JobSpec job = lake.job(Lake.PLAIN);
        RecordingObserver observer = new RecordingObserver().when("Embedding", () -> {
            lake.sql("UPDATE {items} SET text = concat(text, '.')");
            Lake.spark().conf().set("spark.databricks.delta.retentionDurationCheck.enabled", "false");
            lake.sql("VACUUM {items} RETAIN 0 HOURS");
            Lake.spark().conf().unset("spark.databricks.delta.retentionDurationCheck.enabled");
        });
        Lake.refused(ErrorKind.STORAGE, () -> lake.report(job, observer), "is gone", "VACUUM");
        lake.runs(job, 7, 7);
    }

    @Test
    void aSourceThatIsReplacedMeanwhileIsOneSentence() {
        JobSpec job = lake.job(Lake.PLAIN.replace("embeddings:", "target: {table: delta.`copy`}\nembeddings:"));
        RecordingObserver observer = new RecordingObserver().when("Embedding", () -> {
            delete(lake.path("items"));
            lake.items("quite", "another", "table");
        });
        Lake.refused(ErrorKind.STORAGE, () -> lake.report(job, observer), "made anew");
        assertEquals(3, lake.run(job).rowsPublished());
        assertEquals(0, lake.number("SELECT count(*) FROM {copy} WHERE vector IS NULL"));
    }

    private static void delete(Path table) {
        try (Stream<Path> files = Files.walk(table)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Another job makes the column while this one embeds for it. */
    @Test
    void aColumnThatAnotherModelMakesMeanwhileIsNotMixed() {
        JobSpec job = lake.job(Lake.PLAIN);
        JobSpec other = lake.job(Lake.PLAIN.replace("dimensions: 64", "dimensions: 32"));
        RecordingObserver observer = new RecordingObserver().when("Publishing", () -> lake.run(other));
        Lake.refused(ErrorKind.CONFIGURATION, () -> lake.report(job, observer), "column vector", "fingerprint");
        Row sizes = lake.row("SELECT min(size(vector)), max(size(vector)) FROM {items} WHERE vector IS NOT NULL");
        assertEquals("[32,32]", sizes.toString());
        assertFalse(lake.exists("copy"));
    }
}
