package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of a job in batches: its process is killed as by {@code kill -9}, and what is with the provider is not paid for again. */
class BatchIT {
    private static final String JOB = "conf/openai-batch.yaml";
    private static final String KEY = "sk-test";
    private static final int DIMENSION = 384;

    private static final int TEXTS_OF_BATCH = 250;

    @TempDir
    Path folder;

    @Tag("heavy")
    @Test
    void aKilledJobGoesOnWithItsBatchesAndNothingIsPaidTwice() throws Exception {
        HashedVectors vectors = new HashedVectors(DIMENSION);
        Settings settings = Settings.of(Provider.OPENAI).withKeys(KEY).withBatchPolls(3);
        try (FakeProvider fake = FakeProvider.start(settings, vectors)) {
            String[] arguments = arguments(fake);
            try (RunningProcess waiting = launch(arguments)) {
                // The table, and two steps of each of the two batches that may be under way.
                waiting.await(() -> version("store_batches") >= 4);
                RunningProcess.Ended killed = waiting.kill();
                assertEquals(137, killed.exitCode(), killed.err());
                assertTrue(version("store") <= 0, "a batch was done already\n" + killed.err());
            }
            try (RunningProcess keeping = launch(arguments)) {
                keeping.await(() -> version("store") >= 1);
                RunningProcess.Ended killed = keeping.kill();
                assertEquals(137, killed.exitCode(), killed.err());
                assertTrue(version("target") < 0, "the run was done already\n" + killed.err());
            }
            RunningProcess.Ended plan = LocalRun.of(with("plan", "--output json", arguments));
            assertEquals(0, plan.exitCode(), plan.err());
            JsonNode column = LocalRun.lines(plan.out()).get(0).get("columns").get(0);
            assertEquals("batch", column.get("mode").asText());
            assertTrue(column.get("batches_under_way").asInt() >= 1, plan.out());

            RunningProcess.Ended last = LocalRun.of(with("embed", "--output json", arguments));
            assertEquals(0, last.exitCode(), last.err());

            long texts = column.get("distinct_texts").asLong();
            Row kept = LocalRun.spark()
                    .read()
                    .format("delta")
                    .load(folder.resolve("store").toString())
                    .selectExpr("count(*)", "count(DISTINCT content_hash)")
                    .first();
            assertEquals(texts, kept.getLong(0), "a batch was kept twice");
            assertEquals(texts, kept.getLong(1));
            assertEquals(1, fake.stats().rowsBilledAgain(), "the harmless text alone");
            assertEquals(texts + 3, fake.stats().billings(), "each text, and the harmless one of each start");
            assertEquals(
                    (texts + TEXTS_OF_BATCH - 1) / TEXTS_OF_BATCH,
                    LocalRun.spark()
                            .read()
                            .format("delta")
                            .load(folder.resolve("store_batches").toString())
                            .where("step = 'FINISHED'")
                            .count());
            System.out.println("BatchIT: " + texts + " texts, " + fake.stats().billings() + " billed");
        }
    }

    private String[] arguments(FakeProvider fake) throws IOException {
        Path key = Files.writeString(folder.resolve("key"), KEY);
        return new String[] {
            JOB,
            "--set",
            "embeddings[0].endpoint=" + fake.baseUrl(),
            "--set",
            "embeddings[0].api-key=file:" + key,
            "--set",
            "embeddings[0].batch.poll-s=1",
            "--set",
            "embeddings[0].batch.texts=" + TEXTS_OF_BATCH,
            "--set",
            "source.where=length(definition) % 4 = 0",
            "--set",
            "target.table=delta.`" + folder.resolve("target") + "`",
            "--set",
            "target.store=delta.`" + folder.resolve("store") + "`"
        };
    }

    private static String[] with(String command, String options, String[] arguments) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(arguments));
        all.addAll(List.of(options.split(" ")));
        return all.toArray(String[]::new);
    }

    private static RunningProcess launch(String[] arguments) throws IOException {
        Map<String, String> environment = new HashMap<>(RunningProcess.QUICK_START);
        return RunningProcess.launch(Project.ROOT, environment, with("embed", "--output json", arguments));
    }

    /** The newest version of a Delta table as its log has it, -1 when there is none. */
    private long version(String table) {
        Path log = folder.resolve(table).resolve("_delta_log");
        long version = -1;
        while (Files.exists(log.resolve(String.format("%020d.json", version + 1)))) {
            version++;
        }
        return version;
    }
}
