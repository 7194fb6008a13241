package io.embedlake.spark.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.config.TableRef;
import io.embedlake.spark.job.Lake;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Fingerprint;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepTest {
    private static final EmbedderSpec SPEC =
            new EmbedderSpec("test", "m", Fingerprint.of(Map.of("weights", "m")), Map.of());
    private static final int FILES = 120;

    @TempDir
    Path folder;

    private final Tables tables = new Tables(Lake.spark());
    private final List<String> phases = new ArrayList<>();

    private TableRef store() {
        return TableRef.parse("delta.`" + folder.resolve("items_embeddings") + "`");
    }

    private VectorStore appended(int files) {
        VectorStore store = new VectorStore(tables, store());
        store.create(List.of(SPEC));
        Dataset<Row> wave = Lake.spark()
                .range(0, FILES, 1, files)
                .selectExpr(
                        "sha2(CAST(id AS STRING), 256) AS content_hash",
                        "array(CAST(id AS FLOAT)) AS vector",
                        "1 AS dimension",
                        "1 AS tokens",
                        "false AS truncated");
        store.append(wave, SPEC, new RunId("20261123-120000-abcdefgh"), 1);
        return store;
    }

    private Upkeep upkeep(Runnable whenCompacting) {
        return new Upkeep(tables, store(), Clock.systemUTC(), new JobObserver() {
            @Override
            public void phase(String what) {
                phases.add(what);
                if (what.startsWith("Compacting")) {
                    whenCompacting.run();
                }
            }
        });
    }

    @Test
    void smallFilesBecomeLargeOnesWhenManyHavePiledUpAndNotBefore() {
        VectorStore store = appended(FILES);
        List<String> vectors = vectors();
        upkeep(() -> {}).afterRun();
        assertEquals(List.of("Compacting " + store()), phases);
        assertTrue(tables.files(store()).orElseThrow().count() < 5);
        assertEquals(vectors, vectors());
        assertEquals(
                1,
                store.embeddedAmong(SPEC, Lake.spark().sql("SELECT sha2('7', 256) AS content_hash"))
                        .count());
        upkeep(() -> {}).afterRun();
        assertEquals(1, phases.size());
    }

    @Test
    void aCompactionThatIsKilledLeavesTheStoreAsItWasAndFailsNoRun() {
        appended(FILES);
        List<String> vectors = vectors();
        SparkContext context = Lake.spark().sparkContext();
        String group = "killed " + folder;
        try {
            upkeep(() -> {
                        context.setJobGroup(group, group, false);
                        context.cancelJobGroupAndFutureJobs(group);
                    })
                    .afterRun();
        } finally {
            context.clearJobGroup();
        }
        assertTrue(phases.get(1).startsWith("Left " + store() + " as it is ("), phases.toString());
        assertEquals(vectors, vectors());
        assertEquals(FILES, tables.files(store()).orElseThrow().count());
    }

    @Test
    void whatNoColumnUsesIsRemovedAndWhatOneUsesIsNot() {
        Lake lake = new Lake(folder);
        lake.items("apple", "pear", "plum");
        JobSpec job = lake.job(Lake.PLAIN);
        String used = lake.run(job).columns().get(0).fingerprint();
        appended(1);
        StoreContents contents = new StoreContents(tables, store());
        List<StoredFingerprint> all = contents.all();
        StoredFingerprint column = StoredFingerprint.named(all, used.substring(0, 12));
        StoredFingerprint other =
                StoredFingerprint.named(all, SPEC.fingerprint().hash());
        assertEquals(2, all.size());
        assertEquals(List.of(3L, 3L * (64 * 4 + 64)), List.of(column.texts(), column.bytes()));
        assertEquals(1, column.columns().size());
        assertTrue(column.columns().get(0).startsWith("vector of delta.`"), column.toString());
        assertEquals(List.of((long) FILES, false), List.of(other.texts(), other.isUsed()));

        Lake.refused(
                ErrorKind.CONFIGURATION,
                () -> contents.remove(column),
                used,
                "are in the column vector of",
                "Drop the column");
        contents.remove(other);
        assertEquals(
                List.of(used),
                contents.all().stream().map(StoredFingerprint::fingerprint).toList());
        assertEquals(3, tables.read(store()).count());
    }

    private List<String> vectors() {
        return tables.read(store()).select("content_hash", "vector").collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }
}
