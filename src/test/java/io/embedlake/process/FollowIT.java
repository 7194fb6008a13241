package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that follows a growing table is killed again and again; in the end every row has its vector, once. */
class FollowIT {
    private static final int ROWS_A_COMMIT = 200;

    @TempDir
    private Path folder;

    @Test
    void nothingIsLostOrDoubledWhenTheProcessIsKilled() throws Exception {
        follow(1);
    }

    @Tag("heavy")
    @Test
    void nothingIsLostOrDoubledOverTwentyKills() throws Exception {
        follow(20);
    }

    private void follow(int kills) throws Exception {
        long seed = Long.getLong("embedlake.test.seed", System.nanoTime());
        System.out.println("FollowIT: -Dembedlake.test.seed=" + seed);
        Random random = new Random(seed);
        try (SparkSession spark = LocalRun.spark()) {
            spark.sql("CREATE TABLE " + table("source") + " (id BIGINT, text STRING) USING delta");
            Files.writeString(
                    folder.resolve("job.yaml"),
                    "job: follow\nsource: {table: delta.`source`, id: id}\ntarget: {table: delta.`copy`, store:"
                            + " delta.`store`}\nembeddings:\n"
                            + "  - {column: vector, attribute: text, platform: hashing, dimensions: 32, reduce: {method: none}}\n");
            long rows = 0;
            for (int kill = 0; kill < kills; kill++) {
                rows = append(spark, rows);
                try (RunningProcess running = start()) {
                    running.await(Duration.ofSeconds(4));
                    rows = append(spark, rows);
                    running.await(Duration.ofSeconds(random.nextInt(12)));
                    running.kill();
                }
            }
            rows = append(spark, rows);
            long all = rows;
            try (RunningProcess running = start()) {
                running.await(() -> published(spark) == all && succeeded(spark));
                assertEquals(all, published(spark), running.err());
            }
            assertEquals(
                    0,
                    count(spark, "SELECT id FROM " + table("copy") + " WHERE vector IS NULL"),
                    "rows without a vector");
            assertEquals(all, count(spark, "SELECT DISTINCT id FROM " + table("copy")));
            assertEquals(
                    all, count(spark, "SELECT DISTINCT content_hash FROM " + table("store")), "texts of the store");
            assertTrue(succeeded(spark), "no run was recorded");
        }
    }

    private RunningProcess start() throws IOException {
        return RunningProcess.launch(
                folder, RunningProcess.QUICK_START, "embed", "job.yaml", "--follow", "--every", "1");
    }

    private long append(SparkSession spark, long rows) {
        spark.sql("INSERT INTO " + table("source") + " SELECT id, concat('text number ', id) FROM range(" + rows + ", "
                + (rows + ROWS_A_COMMIT) + ")");
        return rows + ROWS_A_COMMIT;
    }

    private long published(SparkSession spark) {
        return Files.exists(folder.resolve("copy/_delta_log/00000000000000000000.json"))
                ? count(spark, "SELECT id FROM " + table("copy") + " WHERE vector IS NOT NULL")
                : 0;
    }

    /** A run is recorded after its rows are published. */
    private boolean succeeded(SparkSession spark) {
        return Files.exists(folder.resolve("store_runs/_delta_log/00000000000000000000.json"))
                && count(spark, "SELECT * FROM " + table("store_runs") + " WHERE status = 'succeeded'") > 0;
    }

    private static long count(SparkSession spark, String query) {
        return spark.sql(query).count();
    }

    private String table(String name) {
        return "delta.`" + folder.resolve(name) + "`";
    }
}
