package io.embedlake.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.reduce.pca.Moments;
import io.embedlake.reduce.pca.PcaReducer;
import io.embedlake.spark.ml.PcaFitter;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The figures that the public leaderboard lists for all-MiniLM-L6-v2 on SemEval's semantic textual similarity: Spearman's
 * rank correlation between cosine and human score over all pairs of a year, times 100.
 */
class StsRegressionTest {
    private static final double TOLERANCE = 0.05;
    private static final double AUTO_TOLERANCE = 0.3;
    private static final double REDUCED_TOLERANCE = 0.2;

    private record Pair(String left, String right, double score) {}

    @Tag("heavy")
    @Test
    void semEval2012IsReproduced() throws Exception {
        List<Pair> pairs = pairs("semeval-2012", "MSRpar", "MSRvid", "SMTeuroparl", "OnWN", "SMTnews");
        assertEquals(3_108, pairs.size());
        Map<String, float[]> vectors = embed(MiniLm.EMBEDDER, pairs);
        assertEquals(72.37, 100 * spearman(vectors, pairs), TOLERANCE);
        assertReduced(71.6, 69.5, vectors, pairs);
    }

    @Test
    void sts2013IsReproduced() throws Exception {
        List<Pair> pairs = pairs("sts-2013", "headlines", "OnWN", "FNWN");
        assertEquals(1_500, pairs.size());
        Map<String, float[]> vectors = embed(MiniLm.EMBEDDER, pairs);
        assertEquals(80.60, 100 * spearman(vectors, pairs), TOLERANCE);
        assertReduced(78.0, 78.0, vectors, pairs);
    }

    /** What PCA to 64 values leaves, with the mean in them and without: why reductions do not centre unless they are told to. */
    private static void assertReduced(double plain, double centered, Map<String, float[]> vectors, List<Pair> pairs) {
        Moments moments = new Moments(384);
        vectors.values().forEach(moments::add);
        PcaReducer pca = PcaFitter.fit(moments.finish(), 64);
        assertEquals(plain, 100 * spearman(reduced(vectors, pca), pairs), REDUCED_TOLERANCE);
        assertEquals(centered, 100 * spearman(reduced(vectors, pca.centered()), pairs), REDUCED_TOLERANCE);
    }

    private static Map<String, float[]> reduced(Map<String, float[]> vectors, PcaReducer reducer) {
        Map<String, float[]> reduced = new TreeMap<>();
        vectors.forEach((text, vector) -> reduced.put(text, reducer.reduce(vector)));
        return reduced;
    }

    @Tag("heavy")
    @Test
    void thePrecisionThatIsTakenHereKeeps2013() throws Exception {
        assertKept(80.60, pairs("sts-2013", "headlines", "OnWN", "FNWN"));
    }

    @Tag("heavy")
    @Test
    void thePrecisionThatIsTakenHereKeeps2012() throws Exception {
        assertKept(72.37, pairs("semeval-2012", "MSRpar", "MSRvid", "SMTeuroparl", "OnWN", "SMTnews"));
    }

    private static void assertKept(double published, List<Pair> pairs) throws Exception {
        EmbedderSpec open = MiniLm.describe(Optional.empty(), Map.of("precision", "auto"));
        EmbedderSpec settled = MiniLm.PLATFORM.settle(open, Device.CPU);
        assertTrue(MiniLm.PLATFORM.choices(open).stream()
                .anyMatch(choice -> choice.fingerprint().equals(settled.fingerprint())));
        assertEquals(List.of(settled.notes().get(0)), settled.notes());
        try (Embedder embedder = MiniLm.PLATFORM.load(settled, Device.CPU)) {
            assertEquals(published, 100 * spearman(embedder, pairs), AUTO_TOLERANCE);
        }
    }

    private static double spearman(Embedder embedder, List<Pair> pairs) throws Exception {
        return spearman(embed(embedder, pairs), pairs);
    }

    private static double spearman(Map<String, float[]> vectors, List<Pair> pairs) {
        double[] cosines = pairs.stream()
                .mapToDouble(pair -> MiniLm.cosine(vectors.get(pair.left()), vectors.get(pair.right())))
                .toArray();
        return pearson(
                ranks(cosines), ranks(pairs.stream().mapToDouble(Pair::score).toArray()));
    }

    /** Each distinct sentence once, on two threads that take alternate sentences. */
    private static Map<String, float[]> embed(Embedder embedder, List<Pair> pairs) throws Exception {
        TreeSet<String> distinct =
                new TreeSet<>(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));
        pairs.forEach(pair -> {
            distinct.add(pair.left());
            distinct.add(pair.right());
        });
        List<String> sentences = List.copyOf(distinct);
        Map<String, float[]> vectors = new TreeMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Callable<Map<String, float[]>>> halves =
                    List.of(half(embedder, sentences, 0), half(embedder, sentences, 1));
            for (Future<Map<String, float[]>> half : threads.invokeAll(halves)) {
                vectors.putAll(half.get());
            }
        } finally {
            threads.shutdown();
        }
        return vectors;
    }

    private static Callable<Map<String, float[]>> half(Embedder embedder, List<String> sentences, int first) {
        return () -> {
            List<String> mine = IntStream.range(0, sentences.size())
                    .filter(i -> i % 2 == first)
                    .mapToObj(sentences::get)
                    .toList();
            List<Outcome.Embedded> embedded = MiniLm.embed(embedder, mine);
            Map<String, float[]> vectors = new TreeMap<>();
            for (int i = 0; i < mine.size(); i++) {
                vectors.put(mine.get(i), embedded.get(i).vector());
            }
            return vectors;
        };
    }

    /** Ranks from 1; equal values share the mean of their ranks. */
    private static double[] ranks(double[] values) {
        List<Integer> order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .toList();
        double[] ranks = new double[values.length];
        for (int start = 0; start < values.length; ) {
            int end = start;
            while (end < values.length && values[order.get(end)] == values[order.get(start)]) {
                end++;
            }
            for (int i = start; i < end; i++) {
                ranks[order.get(i)] = (start + 1 + end) / 2.0;
            }
            start = end;
        }
        return ranks;
    }

    private static double pearson(double[] left, double[] right) {
        double leftMean = java.util.Arrays.stream(left).average().orElseThrow();
        double rightMean = java.util.Arrays.stream(right).average().orElseThrow();
        double product = 0;
        double leftSquares = 0;
        double rightSquares = 0;
        for (int i = 0; i < left.length; i++) {
            product += (left[i] - leftMean) * (right[i] - rightMean);
            leftSquares += (left[i] - leftMean) * (left[i] - leftMean);
            rightSquares += (right[i] - rightMean) * (right[i] - rightMean);
        }
        return product / Math.sqrt(leftSquares * rightSquares);
    }

    private static List<Pair> pairs(String year, String... parts) throws IOException {
        List<Pair> pairs = new ArrayList<>();
        for (String part : parts) {
            List<String> inputs = lines("/datasets/" + year + "/test/STS.input." + part + ".txt");
            List<String> scores = lines("/goldstandards/" + year + "/test/STS.gs." + part + ".txt");
            assertEquals(inputs.size(), scores.size(), part);
            for (int i = 0; i < inputs.size(); i++) {
                String[] sentences = inputs.get(i).split("\t");
                pairs.add(new Pair(sentences[0], sentences[1], Double.parseDouble(scores.get(i))));
            }
        }
        return pairs;
    }

    private static List<String> lines(String resource) throws IOException {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(StsRegressionTest.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
            return lines.lines().toList();
        }
    }
}
