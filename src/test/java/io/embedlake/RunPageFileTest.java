package io.embedlake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spark.job.Lake;
import io.embedlake.spark.run.CommittedWave;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page about a run is written however the run ends. */
class RunPageFileTest {
    @TempDir
    Path folder;

    private Lake lake;
    private Path page;

    @BeforeEach
    void makeTable() {
        lake = new Lake(folder);
        page = folder.resolve("run.html");
        lake.items("zebra again", "zebra once more", "quince food", "quince drink", null);
    }

    private EmbedJob job(String yaml, String... overrides) {
        return new EmbedJob(Lake.spark(), Map.of(), lake.job(yaml, overrides));
    }

    private String written() throws IOException {
        return Files.readString(page);
    }

    @Test
    void aRunThatEndsWellHasItsFiguresAndNearestRowsButNoText() throws IOException {
        RunReport report = job(Lake.PLAIN).run(RunOptions.defaults().page(page));
        String html = written();
        assertTrue(html.contains(report.run()) && html.contains("<b>succeeded</b>, exit code 0"), html);
        assertTrue(html.contains("4 embedded") && html.contains("1 null or blank"), html);
        assertTrue(html.contains("4 embedded by this run, by tokens."), html);
        assertTrue(html.contains("Nearest rows by vector") && html.contains("<code>1</code>"), html);
        assertFalse(html.contains("zebra") || html.contains("quince"), html);
    }

    @Test
    void valuesOfRowsAreShownWhereTheyAreAskedFor() throws IOException {
        job(Lake.PLAIN).run(RunOptions.defaults().pageWithValues(page));
        assertTrue(written().contains("text: zebra once more"), written());
    }

    @Test
    void bytesAreReadAsTheColumnHasThem() throws IOException {
        for (String quantize : List.of("int8", "binary")) {
            Lake other = new Lake(folder.resolve(quantize));
            other.manyItems(60);
            new EmbedJob(Lake.spark(), Map.of(), other.job(Lake.REDUCED, "embeddings[0].reduce.quantize=" + quantize))
                    .run(RunOptions.defaults().page(page));
            assertTrue(written().contains("among 60 rows"), written());
            assertTrue(written().contains("<tr class=\"near\"><td><code>"), written());
        }
    }

    @Test
    void aRunWithNothingToDoHasAPage() throws IOException {
        job(Lake.PLAIN).run();
        job(Lake.PLAIN).run(RunOptions.defaults().page(page));
        assertTrue(written().contains("4 already embedded"), written());
    }

    @Test
    void aFailedRunHasAPageWithItsSentence() throws IOException {
        EmbedlakeException why = assertThrows(EmbedlakeException.class, () -> job(Lake.PLAIN, "source.id=nobody")
                .run(RunOptions.defaults().page(page)));
        assertTrue(written().contains("<b>failed</b>, exit code 2"), written());
        assertTrue(written().contains(why.getMessage().substring(0, 20)), written());
    }

    @Test
    void aCancelledRunHasAPage() throws Exception {
        JobRun[] run = new JobRun[1];
        Object lock = new Object();
        JobObserver cancelling = new JobObserver() {
            @Override
            public void phase(String what) {
                synchronized (lock) {
                    if (what.startsWith("Embedding")) {
                        run[0].cancel();
                    }
                }
            }
        };
        synchronized (lock) {
            run[0] = job(Lake.PLAIN)
                    .start(RunOptions.defaults().observer(cancelling).page(page));
        }
        assertThrows(CancellationException.class, run[0]::await);
        assertTrue(written().contains("<b>cancelled</b><br>The run was cancelled."), written());
    }

    @Test
    void aPlaceThatCannotBeWrittenIsRefusedBeforeAnyWork() {
        EmbedlakeException refusal = assertThrows(EmbedlakeException.class, () -> job(Lake.PLAIN)
                .run(RunOptions.defaults().page(folder.resolve("missing/run.html"))));
        assertEquals(ErrorKind.CONFIGURATION, refusal.kind());
        assertTrue(refusal.getMessage().startsWith("Cannot write the page about the run to "), refusal.getMessage());
        assertFalse(lake.exists("items_embeddings"));
    }

    @Test
    void observersHearOfEachWave() {
        List<CommittedWave> waves = new ArrayList<>();
        RunReport report = job(Lake.PLAIN).run(RunOptions.defaults().observer(new JobObserver() {
            @Override
            public synchronized void committed(CommittedWave wave) {
                waves.add(wave);
            }
        }));
        assertEquals(1, waves.size());
        CommittedWave wave = waves.get(0);
        assertEquals(report.run(), wave.run());
        assertEquals(report.columns().get(0).tokens(), wave.tokens());
        assertEquals(4, wave.embedded());
        assertEquals(4, wave.lengths().texts());
        assertEquals(0, wave.usd().orElseThrow());
    }
}
