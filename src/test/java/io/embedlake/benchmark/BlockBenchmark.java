package io.embedlake.benchmark;

import io.embedlake.ivf.BlockTopK;
import io.embedlake.ivf.RowBlock;
import io.embedlake.ivf.TopK;
import java.util.Arrays;
import java.util.Random;

/**
 * Speed of the comparison of blocks on one thread, beside the plain loop:
 *
 * <pre>{@code java -cp ... io.embedlake.benchmark.BlockBenchmark [DIMENSION]}</pre>
 */
public final class BlockBenchmark {
    private static final int ROWS = 8192;
    private static final int QUERIES = 512;
    private static final int ROUNDS = 12;

    private BlockBenchmark() {}

    public static void main(String[] args) {
        int dimension = args.length > 0 ? Integer.parseInt(args[0]) : 384;
        float[] rows = vectors(new Random(1), ROWS, dimension);
        float[] queries = vectors(new Random(2), QUERIES, dimension);
        RowBlock block = RowBlock.of(dimension, rows);
        BlockTopK kernel = new BlockTopK(dimension);
        print("blocks", dimension, () -> kernel.offer(queries, QUERIES, block, best()));
        print("plain loop", dimension, () -> plain(queries, rows, dimension, best()));
    }

    private static void print(String what, int dimension, Runnable work) {
        double[] rates = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            work.run();
            rates[round] = 2.0 * dimension * QUERIES * ROWS / (System.nanoTime() - start);
        }
        Arrays.sort(rates);
        System.out.printf(
                "%s: %.1f GFLOP/s (best of %d rounds %.1f)%n", what, rates[ROUNDS / 2], ROUNDS, rates[ROUNDS - 1]);
    }

    private static TopK[] best() {
        TopK[] best = new TopK[QUERIES];
        Arrays.setAll(best, query -> new TopK(10, -1));
        return best;
    }

    private static void plain(float[] queries, float[] rows, int dimension, TopK[] best) {
        for (int query = 0; query < QUERIES; query++) {
            for (int row = 0; row < ROWS; row++) {
                float sum = 0;
                for (int i = 0; i < dimension; i++) {
                    sum += queries[query * dimension + i] * rows[row * dimension + i];
                }
                best[query].offer(sum, row);
            }
        }
    }

    private static float[] vectors(Random random, int count, int dimension) {
        float[] vectors = new float[count * dimension];
        for (int row = 0; row < count; row++) {
            double squares = 0;
            for (int i = row * dimension; i < (row + 1) * dimension; i++) {
                vectors[i] = (float) random.nextGaussian();
                squares += (double) vectors[i] * vectors[i];
            }
            for (int i = row * dimension; i < (row + 1) * dimension; i++) {
                vectors[i] /= (float) Math.sqrt(squares);
            }
        }
        return vectors;
    }
}
