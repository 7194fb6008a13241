package io.embedlake.spark.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.config.TableRef;
import io.embedlake.spark.job.Lake;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Fingerprint;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.Outcome.Embedded;
import io.embedlake.spi.Outcome.Refused;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchOutcomesTest {
    private static final int DIMENSION = 3072;
    private static final EmbedderSpec SPEC = new EmbedderSpec(
            "openai",
            "text-embedding-3-large",
            Fingerprint.of(Map.of("model", "m")),
            Map.of(),
            Granularity.ATTRIBUTE,
            List.of());

    @TempDir
    private Path folder;

    private Lake lake;
    private VectorStore store;

    @BeforeEach
    void prepare() {
        lake = new Lake(folder);
        store = new VectorStore(
                new Tables(Lake.spark()),
                new TableRef.FilePath(
                        TableRef.Format.DELTA, folder.resolve("store").toString()));
        store.create(List.of(SPEC));
    }

    private BatchOutcomes outcomes() {
        return new BatchOutcomes(
                Lake.spark(),
                store,
                SPEC,
                DIMENSION,
                RunId.of(Instant.EPOCH, UUID.randomUUID()),
                Lake.spark()
                        .createDataFrame(
                                List.of(RowFactory.create("bad", "a text", "7")),
                                StructType.fromDDL("content_hash STRING, text STRING, row_id STRING")));
    }

    private static Embedded vector(int number) {
        float[] values = new float[DIMENSION];
        Arrays.fill(values, number);
        return new Embedded(values, Optional.empty(), 2, 0, 1, number == 0);
    }

    @Tag("heavy")
    @Test
    void aBatchOfManyChunksIsOneCommitAndIsThereOnceHoweverOftenItIsHandedOver() {
        int texts = 2000;
        for (int time = 0; time < 2; time++) {
            BatchOutcomes outcomes = outcomes();
            for (int i = 0; i < texts; i++) {
                outcomes.take("hash-" + i, vector(i));
            }
            outcomes.take("bad", new Refused(ErrorKind.INVALID_INPUT, "it is bad"));
            outcomes.take("gone", new Refused(ErrorKind.INVALID_INPUT, "it is bad, too"));
            outcomes.take("short", new Embedded(new float[4], Optional.empty(), 2, 0, 1, false));
            outcomes.commit("batch-1");
            assertEquals(
                    List.of((long) texts, 2L * texts, 1L, 0L),
                    List.of(outcomes.embedded(), outcomes.tokens(), outcomes.truncated(), outcomes.left()));
            assertEquals(
                    Map.of(ErrorKind.INVALID_INPUT, 2L, ErrorKind.PROTOCOL, 1L),
                    outcomes.rejections().byKind());
        }
        assertEquals(1, lake.version("store"));
        assertEquals(
                texts,
                lake.number("SELECT count(DISTINCT content_hash) FROM {store} WHERE size(vector) = 3072"
                        + " AND content_hash = concat('hash-', cast(vector[3071] AS INT))"));
        assertEquals(
                List.of("[,0,INVALID_INPUT]", "[,0,PROTOCOL]", "[7,6,INVALID_INPUT]"),
                lake.rows("store_rejected").select("row_id", "characters", "kind").collectAsList().stream()
                        .map(Object::toString)
                        .sorted()
                        .toList());
    }

    @Test
    void textsWhoseTurnHasNotComeAreNeitherKeptNorRejected() {
        BatchOutcomes outcomes = outcomes();
        outcomes.take("late", new Refused(ErrorKind.TRANSIENT, "the batch expired"));
        outcomes.take("refused", new Refused(ErrorKind.CONFIGURATION, "no such model"));
        outcomes.commit("batch-1");

        assertEquals(2, outcomes.left());
        assertEquals(ErrorKind.CONFIGURATION, outcomes.fault().orElseThrow().kind());
        assertEquals(0, lake.version("store"));
        assertEquals(0, lake.version("store_rejected"));
    }
}
