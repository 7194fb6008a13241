package io.embedlake.benchmark;

import io.embedlake.config.JobFile;
import io.embedlake.config.JobSpec;
import io.embedlake.spark.Sessions;
import io.embedlake.spark.job.EmbeddingJob;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.testing.TinyImageModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Embeds many images of one length in one partition of a table, in a JVM whose heap is given: it ends, or the heap is too small. The images
 * are of random stripes, as pixels without compression, which take little room on the disk.
 *
 * <p>Arguments: how many images, how many bytes each, a folder to work in.
 */
final class ImageMemory {
    private ImageMemory() {}

    public static void main(String[] arguments) throws IOException {
        int images = Integer.parseInt(arguments[0]);
        int bytes = Integer.parseInt(arguments[1]);
        Path folder = Files.createDirectories(Path.of(arguments[2])).toAbsolutePath();
        Path model = Files.createTempDirectory(folder, "model");
        String yaml =
                """
                job: memory
                source: {table: delta.`images`, id: id}
                target: {table: delta.`vectors`}
                embeddings:
                  - {column: vector, attribute: content, model: %s, precision: fp32, reduce: {method: none}}
                """
                        .formatted(TinyImageModels.make(model, "vit"));
        Files.writeString(folder.resolve("job.yaml"), yaml);
        JobSpec job = JobFile.load(Path.of("job.yaml"), List.of(), Map.of(), folder);
        try (SparkSession spark = Sessions.open(job.job(), job.spark(), Map.of())) {
            int side = (int) Math.sqrt(bytes / 3.0);
            String pixels = "substring(unhex(repeat(sha2(CAST(id AS STRING), 256), " + (bytes / 32 + 1) + ")), 1, "
                    + 3 * side * side + ")";
            String header = "CAST('SPARKIMAGE " + side + " " + side + " 16\n' AS BINARY)";
            if (!Files.exists(folder.resolve("images"))) {
                spark.range(0, images, 1, 1)
                        .selectExpr("id", "concat(" + header + ", " + pixels + ") AS content")
                        .write()
                        .format("delta")
                        .save(folder.resolve("images").toString());
            }
            spark.sql("CREATE TABLE delta.`" + folder.resolve("vectors") + "` (id BIGINT) USING delta");
            long begin = System.nanoTime();
            RunRecord run =
                    new EmbeddingJob(spark, job, new RunId("memory"), Clock.systemUTC(), new JobObserver() {}).run();
            System.out.printf(
                    Locale.ROOT,
                    "%,d images of %,d bytes, %,d embedded, in %.0f s with a heap of %,d MB%n",
                    images,
                    bytes,
                    run.columns().get(0).embedded(),
                    (System.nanoTime() - begin) / 1e9,
                    Runtime.getRuntime().maxMemory() >> 20);
        }
    }
}
