package io.embedlake.benchmark;

import io.embedlake.reduce.pca.Moments;
import io.embedlake.reduce.pca.PcaReducer;
import io.embedlake.spark.Sessions;
import io.embedlake.spark.ml.PcaFitter;
import io.embedlake.spark.ml.VectorRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Fits PCA to long vectors in one JVM, driver and executors together, and prints the time and the most memory that the process had.
 *
 * <p>Arguments: rows, values a vector, partitions. The vectors are random, with a spectrum that falls.
 */
public final class ReductionMemory {
    private static final int DIMENSIONS = 64;

    private ReductionMemory() {}

    public static void main(String[] arguments) throws IOException {
        int size = Integer.parseInt(arguments[1]);
        try (SparkSession spark = Sessions.open("benchmark", Map.of(), System.getenv())) {
            Dataset<Row> vectors = spark.range(0, Long.parseLong(arguments[0]), 1, Integer.parseInt(arguments[2]))
                    .map(new RandomVector(size), Encoders.bean(VectorRow.class))
                    .toDF();
            print("with Spark and nothing else");
            long begin = System.nanoTime();
            Moments moments = PcaFitter.moments(vectors, "vector").orElseThrow();
            long summed = System.nanoTime();
            print("after summing up, in " + seconds(begin, summed) + " s");
            PcaReducer reducer = PcaFitter.fit(moments, DIMENSIONS);
            long fitted = System.nanoTime();
            print("after taking apart, in " + seconds(summed, fitted) + " s");
            System.out.printf(Locale.ROOT, "variance kept: %.6f%n", reducer.varianceKept());
        }
    }

    private static String seconds(long begin, long end) {
        return String.format(Locale.ROOT, "%.1f", (end - begin) / 1e9);
    }

    /** The process's most resident memory up to now, heap and all, as Linux counts it. */
    private static void print(String when) throws IOException {
        String peak = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .findFirst()
                .orElseThrow();
        System.out.printf(
                Locale.ROOT, "%-40s peak %d MiB resident%n", when, Long.parseLong(peak.replaceAll("\\D", "")) / 1024);
    }

    /** A vector that belongs to a number. Immutable; runs on executors. */
    private record RandomVector(int size) implements MapFunction<Long, VectorRow> {
        private static final long serialVersionUID = 1L;

        @Override
        public VectorRow call(Long number) {
            Random random = new Random(number);
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = (float) (random.nextGaussian() / Math.sqrt(1 + i));
            }
            VectorRow row = new VectorRow();
            row.setVector(values);
            return row;
        }
    }
}
