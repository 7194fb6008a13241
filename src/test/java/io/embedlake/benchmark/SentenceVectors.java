package io.embedlake.benchmark;

import io.embedlake.examples.WordNetDefinitions;
import io.embedlake.pipeline.BarePipeline;
import io.embedlake.pipeline.BatchSize;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/**
 * Tables of any size of vectors of real sentences: definitions of WordNet, embedded once by the embedded model, each with neighbours made by
 * noise of 0.2 to 0.7 of its length (a cosine of 0.98 to 0.82 to the definition).
 */
final class SentenceVectors {
    static final int DIMENSION = 384;

    private static final int TEXTS = 20_000;

    private SentenceVectors() {}

    /** The vectors of the definitions, {@code [texts][384]}, one after the other; computed once in a work folder. */
    static float[] ofDefinitions(Path work) throws IOException {
        Path file = work.resolve("definitions-" + TEXTS + ".floats");
        if (!Files.exists(file)) {
            List<String> texts = WordNetDefinitions.all().stream()
                    .map(WordNetDefinitions.Definition::definition)
                    .distinct()
                    .collect(Collectors.toCollection(ArrayList::new));
            Collections.shuffle(texts, new Random(1));
            float[][] vectors = embedded(texts.subList(0, TEXTS));
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * DIMENSION * TEXTS);
            for (float[] vector : vectors) {
                for (float value : vector) {
                    bytes.putFloat(value);
                }
            }
            Files.write(file, bytes.array());
        }
        float[] vectors = new float[DIMENSION * TEXTS];
        ByteBuffer.wrap(Files.readAllBytes(file)).asFloatBuffer().get(vectors);
        return vectors;
    }

    /** The vectors of texts by the embedded model. */
    static float[][] embedded(List<String> texts) {
        Platform platform = Platforms.named("huggingface");
        EmbedderSpec spec = platform.settle(
                platform.describe(new EmbedderRequest(Optional.empty(), Map.of("precision", "auto"))), Device.CPU);
        try (Embedder embedder = platform.load(spec, Device.CPU)) {
            return new BarePipeline(embedder, Runtime.getRuntime().availableProcessors(), BatchSize.of(512))
                    .run(texts)
                    .vectors()
                    .toArray(float[][]::new);
        }
    }

    /** Makes a table {@code id, vector} unless it is there. */
    static void table(SparkSession spark, Path work, Path table, long rows, long seed) throws IOException {
        if (Files.exists(table.resolve("_delta_log"))) {
            return;
        }
        Broadcast<float[]> definitions = org.apache.spark.api.java.JavaSparkContext.fromSparkContext(
                        spark.sparkContext())
                .broadcast(ofDefinitions(work));
        int parts = (int) Math.max(2, rows / 50_000);
        spark.range(0, rows, 1, parts)
                .map(
                        new Noisy(definitions, seed),
                        Encoders.tuple(Encoders.LONG(), spark.implicits().newFloatArrayEncoder()))
                .toDF("id", "vector")
                .write()
                .format("delta")
                .mode("overwrite")
                .save(table.toString());
    }

    private record Noisy(Broadcast<float[]> definitions, long seed)
            implements MapFunction<Long, Tuple2<Long, float[]>> {
        @Override
        public Tuple2<Long, float[]> call(Long id) {
            float[] all = definitions.value();
            SplittableRandom random = new SplittableRandom(seed * 1_000_003 + id);
            int from = random.nextInt(all.length / DIMENSION) * DIMENSION;
            double noise = (0.2 + 0.5 * random.nextDouble()) / Math.sqrt(DIMENSION);
            float[] vector = new float[DIMENSION];
            for (int i = 0; i < DIMENSION; i++) {
                vector[i] = all[from + i] + (float) (noise * random.nextGaussian());
            }
            return new Tuple2<>(id, vector);
        }
    }
}
