package io.embedlake.benchmark;

import io.embedlake.examples.WordNetDefinitions;
import io.embedlake.local.MiniLm;
import io.embedlake.local.training.AutoencoderTraining;
import io.embedlake.reduce.AutoencoderReducer;
import io.embedlake.reduce.Reducer;
import io.embedlake.reduce.pca.Moments;
import io.embedlake.reduce.pca.PcaReducer;
import io.embedlake.spark.ml.PcaFitter;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Compares autoencoders with PCA of the same size on vectors of all-MiniLM-L6-v2, and prints a line for each: the share of the ten
 * nearest neighbours by cosine that short vectors keep, among texts that were not in the sample, and the times.
 *
 * <p>Arguments: {@code wordnet} (definitions) or {@code europarl} (paragraphs), texts of the sample, other texts, queries among these,
 * and lengths of short vectors.
 */
public final class AutoencoderBenchmark {
    private static final int NEIGHBOURS = 10;
    private static final long SEED = 7;

    private AutoencoderBenchmark() {}

    public static void main(String[] arguments) {
        int size = Integer.parseInt(arguments[1]);
        int others = Integer.parseInt(arguments[2]);
        int queries = Integer.parseInt(arguments[3]);
        List<float[]> vectors = vectors(texts(arguments[0], size + others));
        List<float[]> sample = vectors.subList(0, size);
        List<float[]> unseen = vectors.subList(size, size + others);
        Moments moments = new Moments(sample.get(0).length);
        sample.forEach(moments::add);
        int[][] wanted = neighbours(unseen, queries);
        for (String length : Arrays.asList(arguments).subList(4, arguments.length)) {
            int dimensions = Integer.parseInt(length);
            long begin = System.nanoTime();
            PcaReducer pca = PcaFitter.fit(moments, dimensions);
            long fitted = System.nanoTime();
            AutoencoderReducer autoencoder =
                    AutoencoderTraining.train(sample, AutoencoderTraining.settings(dimensions, SEED));
            long trained = System.nanoTime();
            print("PCA to " + dimensions, fitted - begin, pca, unseen, wanted);
            print("autoencoder to " + dimensions, trained - fitted, autoencoder, unseen, wanted);
        }
    }

    private static void print(String what, long fitNanos, Reducer reducer, List<float[]> vectors, int[][] wanted) {
        vectors.forEach(reducer::reduce);
        long begin = System.nanoTime();
        List<float[]> reduced = vectors.stream().map(reducer::reduce).toList();
        double microseconds = (System.nanoTime() - begin) / 1e3 / vectors.size();
        System.out.printf(
                Locale.ROOT,
                "%-20s recall@10 %.3f, fitted in %.1f s, %.1f us a vector%n",
                what,
                recall(wanted, neighbours(reduced, wanted.length)),
                fitNanos / 1e9,
                microseconds);
    }

    private static double recall(int[][] wanted, int[][] found) {
        long hits = 0;
        for (int query = 0; query < wanted.length; query++) {
            int[] sorted = found[query].clone();
            Arrays.sort(sorted);
            hits += Arrays.stream(wanted[query])
                    .filter(neighbour -> Arrays.binarySearch(sorted, neighbour) >= 0)
                    .count();
        }
        return (double) hits / wanted.length / NEIGHBOURS;
    }

    /** For each of the first vectors, the others that are nearest by cosine. */
    private static int[][] neighbours(List<float[]> vectors, int queries) {
        return IntStream.range(0, queries)
                .mapToObj(query -> {
                    double[] cosines = vectors.stream()
                            .mapToDouble(other -> Vectors.cosine(vectors.get(query), other))
                            .toArray();
                    cosines[query] = Double.NEGATIVE_INFINITY;
                    return IntStream.range(0, cosines.length)
                            .boxed()
                            .sorted((a, b) -> Double.compare(cosines[b], cosines[a]))
                            .limit(NEIGHBOURS)
                            .mapToInt(Integer::intValue)
                            .toArray();
                })
                .toArray(int[][]::new);
    }

    private static List<String> texts(String corpus, int count) {
        List<String> texts = new ArrayList<>(
                corpus.equals("europarl")
                        ? EuroparlTexts.first(count)
                        : WordNetDefinitions.all().stream()
                                .map(WordNetDefinitions.Definition::definition)
                                .distinct()
                                .toList());
        Collections.shuffle(texts, new Random(SEED));
        return texts.subList(0, count);
    }

    private static List<float[]> vectors(List<String> texts) {
        return MiniLm.embed(MiniLm.EMBEDDER, texts).stream()
                .map(Outcome.Embedded::vector)
                .toList();
    }
}
