package io.embedlake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.spark.executor.EmbedderPool;
import io.embedlake.spark.job.Lake;
import io.embedlake.spark.job.RowEmbedding;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("it looks at the threads of the JVM")
class JobRunTest {
    private static final int ROWS = 400;

    @TempDir
    Path folder;

    private Lake lake;
    private Set<Thread> before;

    @BeforeEach
    void makeTable() {
        lake = new Lake(folder);
        lake.manyItems(ROWS);
        // Its threads live as long as the JVM.
        EmbedderPool.ofJvm();
        before = threads();
        GatedPlatform.embedded();
    }

    @AfterEach
    void openGate() {
        GatedPlatform.open();
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("embedlake-"))
                .collect(Collectors.toSet());
    }

    /** The threads of embedlake that this test has begun: they may be on their last steps, and are gone then. */
    private void assertNoThreadIsLeft() throws InterruptedException {
        for (Thread thread : threads()) {
            if (!before.contains(thread)) {
                thread.join(Duration.ofMinutes(1).toMillis());
                assertFalse(thread.isAlive(), thread.getName());
            }
        }
    }

    private EmbedJob gated(String... overrides) {
        JobSpec job = lake.job(Lake.PLAIN, overrides);
        EmbeddingSpec embedding = gated(job.embeddings().get(0));
        return new EmbedJob(
                Lake.spark(),
                Map.of(),
                new JobSpec(
                        job.job(),
                        job.source(),
                        job.target(),
                        List.of(embedding),
                        job.maxErrorRate(),
                        job.terms(),
                        job.waves(),
                        job.searches(),
                        job.spark()));
    }

    private static EmbeddingSpec gated(EmbeddingSpec read) {
        return new EmbeddingSpec(
                read.column(),
                read.attribute(),
                GatedPlatform.NAME,
                new EmbedderRequest(Optional.empty(), Map.of()),
                read.compute(),
                read.reduce());
    }

    private String lastStatus() {
        return lake.row("SELECT max_by(status, started_at) FROM {items_embeddings_runs}")
                .getString(0);
    }

    @Test
    void aCancelledRunKeepsItsWavesAndLeavesNothingElse() throws InterruptedException {
        GatedPlatform.closeAfter(ROWS / 2);
        EmbedJob job = gated("waves.rows=50");
        JobRun run = job.start();
        GatedPlatform.awaitArrival();
        assertFalse(run.isDone());
        assertEquals(Optional.empty(), run.await(Duration.ofMillis(1)));
        run.cancel();
        run.cancel();
        GatedPlatform.open();
        assertThrows(CancellationException.class, run::await);
        assertTrue(run.isDone());
        assertNoThreadIsLeft();
        assertEquals(0, GatedPlatform.loaded(), "embedders loaded");
        assertEquals("cancelled", lastStatus());
        assertFalse(List.of(lake.rows("items").columns()).contains("vector"));
        assertTrue(Lake.spark().sparkContext().getJobTags().isEmpty());

        long kept = lake.number("SELECT count(*) FROM {items_embeddings}");
        assertTrue(kept > 0 && kept < ROWS, kept + " kept");
        GatedPlatform.embedded();
        RunReport report = job.run();
        assertEquals(ROWS - kept, report.columns().get(0).embedded());
        assertEquals(ROWS - kept, GatedPlatform.embedded());
        assertEquals(ROWS, report.rowsPublished());
        assertEquals("succeeded", lastStatus());
    }

    @Test
    void aCancelledQueryLeavesNothing() throws Exception {
        EmbeddingSpec embedding = gated(lake.job(Lake.PLAIN).embeddings().get(0));
        Dataset<Row> query = RowEmbedding.of(Lake.spark(), lake.rows("items").select("id", "text"), "text", embedding);
        GatedPlatform.closeAfter(ROWS / 2);
        CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> {
            Lake.spark().sparkContext().addJobTag("cancelled-query");
            try {
                query.collectAsList();
            } finally {
                Lake.spark().sparkContext().removeJobTag("cancelled-query");
            }
        });
        GatedPlatform.awaitArrival();
        Lake.spark().sparkContext().cancelJobsWithTag("cancelled-query");
        assertThrows(ExecutionException.class, reading::get);
        GatedPlatform.open();
        assertNoThreadIsLeft();
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        do {
            EmbedderPool.ofJvm().closeIdle();
        } while (GatedPlatform.loaded() > 0 && System.nanoTime() < end);
        assertEquals(0, GatedPlatform.loaded(), "the task has given its embedder back");
    }

    @Test
    void onlyTheJobsOfTheCancelledRunAreCancelled() throws InterruptedException {
        Lake other = new Lake(folder.resolve("other"));
        other.manyItems(60);
        GatedPlatform.closeAfter(0);
        JobRun cancelled = gated().start();
        GatedPlatform.awaitArrival();
        EmbedJob hashing = Embedlake.on(Lake.spark())
                .job("other")
                .source("delta.`" + other.path("items") + "`", "id")
                .column("vector", Attribute.of("text"), Model.hashing().dimensions(64), Reduction.none())
                .build();
        JobRun run = hashing.start();
        cancelled.cancel();
        GatedPlatform.open();
        assertThrows(CancellationException.class, cancelled::await);
        assertEquals(60, run.await().rowsPublished());
    }

    @Test
    void aRunIsCancelledWhereAStepBegins() throws InterruptedException {
        gated().run();
        lake.sql("INSERT INTO {items} SELECT id + 1000, concat(text, '!'), vector FROM {items}");
        JobRun[] run = new JobRun[1];
        Object lock = new Object();
        JobObserver cancelling = new JobObserver() {
            @Override
            public void phase(String what) {
                synchronized (lock) {
                    if (what.startsWith("Loading")) {
                        run[0].cancel();
                    }
                }
            }
        };
        synchronized (lock) {
            run[0] = gated().start(RunOptions.defaults().observer(cancelling));
        }
        assertThrows(CancellationException.class, run[0]::await);
        assertEquals("cancelled", lastStatus());
    }

    @Test
    void aRunThatIsOverStaysAsItIs() throws InterruptedException {
        JobRun run = gated().start();
        RunReport report = run.await();
        run.cancel();
        assertSame(report, run.await());
        assertEquals(report.run(), run.run());
        assertEquals("succeeded", lastStatus());
        assertEquals(ROWS, run.progress().orElseThrow().texts());
        assertNoThreadIsLeft();
    }

    @Test
    void awaitSaysWhyARunFailed() {
        EmbedlakeException failure = assertThrows(
                EmbedlakeException.class,
                () -> gated("source.id=nobody").start().await());
        assertEquals(ErrorKind.CONFIGURATION, failure.kind());
    }
}
