package io.embedlake.benchmark;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import com.sun.management.OperatingSystemMXBean;
import io.embedlake.config.TableRef;
import io.embedlake.reduce.NoReduction;
import io.embedlake.reduce.Reduction;
import io.embedlake.spark.Sessions;
import io.embedlake.spark.sql.PartitionNumbers;
import io.embedlake.spark.store.HashSample;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Fingerprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What it costs to look hashes up in a large store, half of which it has: seconds and bytes read from the file system, for the hashes
 * alone and with their vectors, by {@link VectorStore} and by a join. The store is made once, as waves make it.
 *
 * <p>Arguments: the work folder, vectors, dimension, hashes to look up, rounds, small commits of later runs.
 */
public final class StoreBenchmark {
    private static final EmbedderSpec SPEC =
            new EmbedderSpec("benchmark", "made up", Fingerprint.of(Map.of("model", "made up")), Map.of());
    private static final int ROWS_OF_WAVE = 500_000;
    private static final int ROWS_OF_SMALL = 2_000;

    private StoreBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        long vectors = Long.parseLong(arguments[1]);
        int dimension = Integer.parseInt(arguments[2]);
        int asked = Integer.parseInt(arguments[3]);
        int rounds = Integer.parseInt(arguments[4]);
        int small = Integer.parseInt(arguments[5]);
        Path work = Files.createDirectories(Path.of(arguments[0]).toAbsolutePath())
                .resolve("store-" + vectors + "-" + dimension + "-" + small);
        try (SparkSession spark = Sessions.open("benchmark", Map.of(), System.getenv())) {
            spark.sparkContext().setLogLevel("ERROR");
            Tables tables = new Tables(spark);
            TableRef table = new TableRef.FilePath(TableRef.Format.DELTA, work.toString());
            VectorStore store = new VectorStore(tables, table);
            if (!tables.exists(table)) {
                make(spark, store, vectors, dimension, small);
            }
            long all = vectors + (long) small * ROWS_OF_SMALL;
            Reduction whole = Reduction.of(new NoReduction());
            for (int round = 1; round <= rounds; round++) {
                Dataset<Row> hashes = asked(spark, all, asked, round);
                System.out.printf("round %d%n", round);
                time("look-up of hashes", () -> store.embeddedAmong(SPEC, hashes));
                time("look-up of vectors", () -> store.reduced(SPEC, whole, hashes));
                time("join of hashes", () -> store.embeddedHashes(SPEC)
                        .join(broadcast(hashes), new String[] {"content_hash"}, "left_semi"));
                if (round == rounds) {
                    time("join of vectors", () -> store.reduced(SPEC, whole)
                            .join(broadcast(hashes), new String[] {"content_hash"}, "left_semi"));
                }
            }
        }
    }

    private static void make(SparkSession spark, VectorStore store, long vectors, int dimension, int small) {
        store.create(List.of(SPEC));
        long began = System.nanoTime();
        int waves = (int) Math.max(1, vectors / ROWS_OF_WAVE);
        for (int wave = 0; wave < waves; wave++) {
            String from = String.format("%08x", (1L << 32) * wave / waves);
            String to = wave == waves - 1 ? "g" : String.format("%08x", (1L << 32) * (wave + 1) / waves);
            append(
                    store,
                    hashes(spark, 0, vectors)
                            .where(col("content_hash")
                                    .geq(from)
                                    .and(col("content_hash").lt(to))),
                    dimension,
                    "first",
                    wave + 1);
        }
        for (int run = 0; run < small; run++) {
            long first = vectors + (long) run * ROWS_OF_SMALL;
            append(store, hashes(spark, first, first + ROWS_OF_SMALL), dimension, "run-" + run, 1);
        }
        System.out.printf("made in %.0f s%n", (System.nanoTime() - began) / 1e9);
    }

    private static void append(VectorStore store, Dataset<Row> hashes, int dimension, String run, int wave) {
        store.append(
                PartitionNumbers.repartition(hashes, 4, expr(HashSample.rangeExpression(4)))
                        .selectExpr(
                                "content_hash",
                                "transform(sequence(1, " + dimension
                                        + "), i -> CAST(xxhash64(content_hash, i) / 9.3e18 AS FLOAT)) AS vector",
                                dimension + " AS dimension",
                                "12 AS tokens",
                                "false AS truncated"),
                SPEC,
                new RunId(run),
                wave);
    }

    private static Dataset<Row> hashes(SparkSession spark, long from, long to) {
        return spark.range(from, to).selectExpr("sha2(CAST(id AS STRING), 256) AS content_hash");
    }

    /** Half of them are in the store. */
    private static Dataset<Row> asked(SparkSession spark, long stored, int count, int round) {
        return spark.range(count)
                .selectExpr(
                        "sha2(CAST(id * " + 2 * stored / count + " + " + round + " AS STRING), 256) AS content_hash");
    }

    private static void time(String what, Supplier<Dataset<Row>> lookup) {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long bytes = bytesRead();
        long processor = system.getProcessCpuTime();
        long began = System.nanoTime();
        long found = lookup.get().queryExecution().toRdd().toJavaRDD().count();
        System.out.printf(
                "%-20s %6.2f s, %6.2f s of processor time, %,10.1f MB read, %,d found%n",
                what,
                (System.nanoTime() - began) / 1e9,
                (system.getProcessCpuTime() - processor) / 1e9,
                (bytesRead() - bytes) / 1e6,
                found);
    }

    /** By this process, whatever reads it. */
    private static long bytesRead() {
        try {
            return Files.readAllLines(Path.of("/proc/self/io")).stream()
                    .filter(line -> line.startsWith("rchar: "))
                    .mapToLong(line -> Long.parseLong(line.substring(7)))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
