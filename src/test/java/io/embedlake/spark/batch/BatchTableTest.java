package io.embedlake.spark.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.config.TableRef;
import io.embedlake.remote.batch.JournalEntry;
import io.embedlake.remote.batch.SentText;
import io.embedlake.spark.job.Lake;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.Fingerprint;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchTableTest {
    private static final JournalEntry UPLOADED =
            JournalEntry.uploaded("embedlake-1", "file-1", List.of(new SentText("a", 3), new SentText("b", 5)));

    @TempDir
    private Path folder;

    private BatchTable table(String model, String place) {
        TableRef store = new TableRef.FilePath(
                TableRef.Format.DELTA, folder.resolve("store").toString());
        RunId run = RunId.of(Instant.EPOCH, new UUID(1, 2));
        return new BatchTable(
                new Tables(Lake.spark()), store, Fingerprint.of(Map.of("model", model)), place, run, Clock.systemUTC());
    }

    @Test
    void anotherProcessFindsTheStepsOfOpenBatchesInTheirOrderAndNoOthers() {
        BatchTable first = table("m", "openai https://one");
        assertEquals(List.of(), first.entries());
        first.append(UPLOADED);
        first.append(JournalEntry.submitted("embedlake-1", "batch_1"));
        first.append(JournalEntry.submitted("embedlake-1", "batch_1"));
        first.append(JournalEntry.uploaded("embedlake-2", "file-2", List.of(new SentText("c", 1))));
        first.append(JournalEntry.finished("embedlake-2"));

        assertEquals(
                List.of(UPLOADED, JournalEntry.submitted("embedlake-1", "batch_1")),
                table("m", "openai https://one").entries());
        assertEquals(List.of(), table("other", "openai https://one").entries());
        assertEquals(List.of(), table("m", "openai https://two").entries());
        assertEquals(4, new Lake(folder).rows("store_batches").count());
    }
}
