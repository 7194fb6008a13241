package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.remote.limit.Pace;
import io.embedlake.spark.limit.LimitRoutes;
import io.embedlake.spark.source.SourceRows;
import io.embedlake.spark.source.SourceText;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Platforms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Work is committed wave by wave, and a run that stopped is gone on with. */
@ResourceLock(PickyPlatform.NAME)
class WavesTest {
    private static final int ROWS = 400;

    @TempDir
    private Path folder;

    private Lake lake;
    private JobSpec job;

    @BeforeEach
    void makeTable() {
        lake = new Lake(folder);
        lake.manyItems(ROWS);
        job = Lake.picky(lake.job(Lake.PLAIN, "waves.rows=100"));
        PickyPlatform.EMBEDDED.clear();
    }

    @AfterEach
    void letThePlatformWork() {
        PickyPlatform.neverGiveUp();
    }

    @Test
    void eachWaveIsOneCommitAndNoTextIsEmbeddedTwice() {
        lake.runs(job, ROWS, ROWS);
        long waves =
                lake.history("items_embeddings").where("operation = 'WRITE'").count();
        assertTrue(waves >= 4, waves + " waves");
        assertEquals(ROWS, lake.number("SELECT count(DISTINCT content_hash) FROM {items_embeddings}"));
        assertEquals(ROWS, lake.number("SELECT count(*) FROM {items_embeddings}"));
        assertEquals(ROWS, PickyPlatform.EMBEDDED.size());
        assertTrue(PickyPlatform.EMBEDDED.values().stream().allMatch(times -> times == 1));
    }

    @Test
    void theDriverOfAClusterLoadsAModelOnceAndNotAgainWhenTheStoreHasVectorsOfIt() {
        EmbeddingSpec embedding = job.embeddings().get(0);
        EmbedderSpec spec = Platforms.named(PickyPlatform.NAME).describe(embedding.request());
        SourceText text = SourceRows.read(new Tables(Lake.spark()), job).texts().get(0);
        JobColumn column = new JobColumn(embedding, text, spec);
        VectorStore store =
                new VectorStore(new Tables(Lake.spark()), job.target().store());
        try (LimitRoutes limits = new LimitRoutes(Lake.spark().sparkContext(), Pace.STRICT)) {
            ColumnModels driver = new ColumnModels(store, limits, false);
            int loaded = PickyPlatform.LOADED.get();
            int closed = PickyPlatform.CLOSED.get();
            assertEquals(column, driver.loaded(column));
            assertEquals(loaded + 1, PickyPlatform.LOADED.get());
            assertEquals(closed + 1, PickyPlatform.CLOSED.get(), "executors embed");
            lake.run(job);
            loaded = PickyPlatform.LOADED.get();
            assertEquals(column, driver.loaded(column));
            assertEquals(loaded, PickyPlatform.LOADED.get());
            assertEquals(spec, driver.model(column).spec());
        }
    }

    @Test
    void aRunThatStopsInTheMiddleIsGoneOnWithToTheSameTable() {
        PickyPlatform.giveUpAfter(250);
        EmbedlakeException failure = assertThrows(EmbedlakeException.class, () -> lake.run(job));
        assertEquals(ErrorKind.CONFIGURATION, failure.kind());
        assertTrue(failure.getMessage().startsWith("Cannot go on"), failure.getMessage());
        long saved = lake.number("SELECT count(*) FROM {items_embeddings}");
        assertTrue(saved > 0 && saved < ROWS, saved + " texts saved");
        assertEquals(1, lake.number("SELECT count(*) FROM {items_embeddings_runs} WHERE status = 'failed'"));
        PickyPlatform.neverGiveUp();
        lake.runs(job, ROWS - saved, ROWS);
        Map<Object, List<Float>> resumed = lake.vectors();
        Lake undisturbed = new Lake(folder.resolve("undisturbed"));
        undisturbed.manyItems(ROWS);
        undisturbed.run(Lake.picky(undisturbed.job(Lake.PLAIN)));
        assertEquals(undisturbed.vectors(), resumed);
    }

    /** A second column's first wave once passed for a repetition of the first column's and was skipped. */
    @Tag("heavy")
    @Test
    void everyColumnOfAJobHasWavesOfItsOwn() {
        String second = "  - {column: other, attribute: \"again {text}\", platform: hashing, dimensions: 64,"
                + " reduce: {method: none}}\n";
        lake.runs(lake.job(Lake.PLAIN + second), 2 * ROWS, ROWS);
        assertEquals(0, lake.number("SELECT count(*) FROM {items} WHERE vector IS NULL OR other IS NULL"));
    }

    /** The second column once took over full vectors as reduced ones, because it had counted before the first embedded. */
    @Tag("heavy")
    @Test
    void twoReducedColumnsOfOneAttributeShareTheirTextsAndNotTheirReducer() {
        String second =
                "  - {column: other, attribute: text, platform: hashing, dimensions: 64, reduce: {dimensions: 5}}\n";
        lake.runs(lake.job(Lake.REDUCED + second), ROWS, ROWS);
        assertEquals(0, lake.number("SELECT count(*) FROM {items} WHERE size(vector) <> 4 OR size(other) <> 5"));
        assertEquals(2, lake.number("SELECT count(*) FROM {items_embeddings_reducers}"));
    }

    @Tag("heavy")
    @Test
    void rowsThatComeDuringARunAreNotLost() {
        RecordingObserver observer = new RecordingObserver()
                .when("Embedding", () -> lake.sql("INSERT INTO {items} VALUES (9999, 'a late row')"));
        long first = Lake.only(lake.report(job, observer)).embedded();
        assertEquals(ROWS + 1, lake.number("SELECT count(*) FROM {items}"));
        // Each step of a run looks at the newest rows, so the late row may be in time.
        long second = Lake.only(lake.run(job)).embedded();
        assertEquals(ROWS + 1, first + second);
        assertEquals(0, lake.number("SELECT count(*) FROM {items} WHERE vector IS NULL"));
    }

    @Test
    void twoJobsThatStartAtOnceOnOneStoreBothEndRight() throws Exception {
        lake.sql("CREATE TABLE {others} USING delta AS SELECT id, text FROM {items} WHERE id % 2 = 0");
        JobSpec one = lake.job(Lake.REDUCED, "target.store=delta.`shared`");
        JobSpec two = lake.job(Lake.REDUCED, "source.table=delta.`others`", "target.store=delta.`shared`");
        runAtOnce(one, two);
        assertEquals(0, lake.number("SELECT count(*) FROM {items} WHERE vector IS NULL OR size(vector) <> 4"));
        assertEquals(0, lake.number("SELECT count(*) FROM {others} WHERE vector IS NULL OR size(vector) <> 4"));
        assertEquals(ROWS, lake.number("SELECT count(DISTINCT content_hash) FROM {shared}"));
        lake.runs(one, 0, 0);
        lake.runs(two, 0, 0);
    }

    @Tag("heavy")
    @Test
    void twoJobsThatStartAtOnceOnOneTargetThatIsNotThereYetBothPublish() throws Exception {
        String target = Lake.PLAIN.replace("embeddings:", "target: {table: delta.`copy`}\nembeddings:");
        JobSpec one = lake.job(target, "target.store=delta.`one`");
        JobSpec two = lake.job(target.replace("column: vector", "column: other"), "target.store=delta.`two`");
        runAtOnce(one, two);
        assertEquals(ROWS, lake.number("SELECT count(*) FROM {copy} WHERE other = vector"));
        assertEquals(ROWS, lake.number("SELECT count(*) FROM {copy}"));
        lake.runs(one, 0, 0);
        lake.runs(two, 0, 0);
    }

    /** One of the two merges meets the other's commit and is tried again. */
    @Tag("heavy")
    @Test
    void twoJobsThatStartAtOnceOnOneTableBothPublishTheirColumns() throws Exception {
        JobSpec one = lake.job(Lake.PLAIN, "target.store=delta.`one`");
        JobSpec two = lake.job(Lake.PLAIN.replace("column: vector", "column: other"), "target.store=delta.`two`");
        runAtOnce(one, two);
        assertEquals(0, lake.number("SELECT count(*) FROM {items} WHERE vector IS NULL OR other <> vector"));
        assertEquals("hashing", lake.properties("items").get("embedlake.vector.platform"));
        assertEquals("hashing", lake.properties("items").get("embedlake.other.platform"));
        lake.runs(one, 0, 0);
        lake.runs(two, 0, 0);
    }

    /** Delta Lake asks for the session of the thread. */
    @Tag("heavy")
    @Test
    void aThreadWithoutASessionRunsAJobInItsSession() throws Exception {
        List<Boolean> active = new ArrayList<>();
        RecordingObserver observer = new RecordingObserver()
                .when(
                        "Embedding",
                        () -> active.add(SparkSession.getActiveSession().contains(Lake.spark())));
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            thread.submit(() -> {
                        SparkSession.clearActiveSession();
                        lake.report(job, observer);
                        active.add(SparkSession.getActiveSession().isEmpty());
                    })
                    .get();
        } finally {
            thread.shutdown();
        }
        assertEquals(List.of(true, true), active);
    }

    private void runAtOnce(JobSpec one, JobSpec two) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (Future<?> ended :
                    threads.invokeAll(List.<Callable<Object>>of(() -> lake.run(one), () -> lake.run(two)))) {
                ended.get();
            }
        } finally {
            threads.shutdown();
        }
    }
}
