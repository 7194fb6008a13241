package io.embedlake.encoder;

import io.embedlake.embed.Device;
import io.embedlake.embed.Embedder;
import io.embedlake.embed.EmbeddingSession;
import io.embedlake.embed.EncodedText;
import io.embedlake.embed.Vectors;
import io.embedlake.encoder.network.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Takes the fastest precision that keeps every vector of the probe texts within a cosine of {@value #LEAST_COSINE} of the 32-bit
 * ones, measured on this machine's device. Immutable.
 *
 * @param precision what was taken
 * @param cosine the least cosine of its vectors with the 32-bit ones
 * @param speedup how many times as fast as 32 bits it was
 */
record AutoPrecision(Precision precision, double cosine, double speedup) {
    private static final double LEAST_COSINE = 0.999;
    private static final int ROUNDS = 3;

    /** Loads the network in each precision that may be worth it. */
    static AutoPrecision measure(Device device, Function<Precision, Embedder> load) {
        List<float[]> exact = new ArrayList<>();
        int dimension;
        double exactSeconds;
        try (Embedder embedder = load.apply(Precision.FP32)) {
            dimension = embedder.dimension();
            exactSeconds = run(embedder, exact);
        }
        AutoPrecision best = new AutoPrecision(Precision.FP32, 1, 1);
        for (Precision candidate : candidates(device)) {
            List<float[]> vectors = new ArrayList<>();
            double speedup;
            try (Embedder embedder = load.apply(candidate)) {
                speedup = exactSeconds / run(embedder, vectors);
            }
            double cosine = leastCosine(exact, vectors, dimension);
            if (cosine >= LEAST_COSINE && speedup > best.speedup()) {
                best = new AutoPrecision(candidate, cosine, speedup);
            }
        }
        return best;
    }

    private static List<Precision> candidates(Device device) {
        if (device.isGpu()) {
            return List.of(Precision.FP16, Precision.BF16);
        }
        return Processor.hasBfloat16() ? List.of(Precision.BF16) : List.of();
    }

    /** Embeds the probe texts a few times; the seconds of the fastest round. */
    private static double run(Embedder embedder, List<float[]> vectors) {
        double fastest = Double.MAX_VALUE;
        try (EmbeddingSession session = embedder.open()) {
            List<EncodedText> texts =
                    ProbeTexts.ALL.stream().map(session::encode).toList();
            for (int round = 0; round < ROUNDS; round++) {
                vectors.clear();
                long begin = System.nanoTime();
                for (int start = 0; start < texts.size(); start += ProbeTexts.BATCH) {
                    vectors.addAll(
                            session.embed(texts.subList(start, Math.min(texts.size(), start + ProbeTexts.BATCH))));
                }
                fastest = Math.min(fastest, (System.nanoTime() - begin) / 1e9);
            }
        }
        return fastest;
    }

    /** Not a number where a vector is broken, so that no comparison holds. */
    private static double leastCosine(List<float[]> exact, List<float[]> vectors, int dimension) {
        double least = 1;
        for (int i = 0; i < exact.size(); i++) {
            least = Math.min(least, Vectors.leastCosine(exact.get(i), vectors.get(i), dimension));
        }
        return least;
    }

    /** What was found, in a sentence. */
    String note() {
        return precision == Precision.FP32
                ? "Precision fp32: nothing faster keeps the probe texts' vectors here."
                : String.format(
                        Locale.ROOT,
                        "Precision %s: %.1f times as fast as fp32 on %d probe texts, cosine at least %.5f.",
                        precision,
                        speedup,
                        ProbeTexts.ALL.size(),
                        cosine);
    }
}
