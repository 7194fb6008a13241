package io.embedlake.local;

import io.embedlake.image.ProbeImages;
import io.embedlake.local.network.Precision;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Takes the first of some precisions that keeps every vector of some probe texts or images within a cosine of {@value #LEAST_COSINE} of the 32-bit
 * ones. No time is measured, so that a machine takes the same one every time. Immutable.
 *
 * @param precision what was taken
 * @param cosine the least cosine of its vectors with the 32-bit ones
 * @param kind what the probes are
 */
record AutoPrecision(Precision precision, double cosine, InputKind kind) {
    private static final double LEAST_COSINE = 0.999;
    private static final int BATCH = 8;

    /** The precisions that a device has fast instructions for, the best first, and 32 bits last. */
    static List<Precision> candidates(Device device, Processor processor) {
        if (device.isGpu()) {
            return List.of(Precision.FP16, Precision.BF16, Precision.FP32);
        }
        return processor.hasFastBfloat16() ? List.of(Precision.BF16, Precision.FP32) : List.of(Precision.FP32);
    }

    /** Loads the network in 32 bits and in each candidate until one is exact enough; nothing when there is no other candidate. */
    static AutoPrecision of(InputKind kind, List<Precision> candidates, Function<Precision, Embedder> load) {
        List<Precision> shorter = candidates.stream()
                .filter(precision -> precision != Precision.FP32)
                .toList();
        if (!shorter.isEmpty()) {
            Vectors32 exact = Vectors32.of(kind, load);
            for (Precision candidate : shorter) {
                double cosine = exact.leastCosine(kind, candidate, load);
                if (cosine >= LEAST_COSINE) {
                    return new AutoPrecision(candidate, cosine, kind);
                }
            }
        }
        return new AutoPrecision(Precision.FP32, 1, kind);
    }

    /** The probes' vectors in 32 bits, and how long a single one is. */
    private record Vectors32(List<float[]> vectors, int dimension) {
        static Vectors32 of(InputKind kind, Function<Precision, Embedder> load) {
            try (Embedder embedder = load.apply(Precision.FP32)) {
                return new Vectors32(embed(kind, embedder), embedder.dimension());
            }
        }

        double leastCosine(InputKind kind, Precision precision, Function<Precision, Embedder> load) {
            try (Embedder embedder = load.apply(precision)) {
                return AutoPrecision.leastCosine(vectors, embed(kind, embedder), dimension);
            }
        }
    }

    private static List<Input> probes(InputKind kind) {
        return kind == InputKind.IMAGE
                ? ProbeImages.ALL
                : ProbeTexts.ALL.stream().map(Input::of).toList();
    }

    private static List<float[]> embed(InputKind kind, Embedder embedder) {
        try (EmbeddingSession session = embedder.open()) {
            List<EncodedInput> probes =
                    probes(kind).stream().map(session::encode).toList();
            List<float[]> vectors = new ArrayList<>();
            for (int start = 0; start < probes.size(); start += BATCH) {
                vectors.addAll(session.embed(probes.subList(start, Math.min(probes.size(), start + BATCH))));
            }
            return vectors;
        }
    }

    /** Not a number where a vector is broken, so that no comparison holds. */
    private static double leastCosine(List<float[]> exact, List<float[]> vectors, int dimension) {
        double least = 1;
        for (int i = 0; i < exact.size(); i++) {
            least = Math.min(least, Vectors.leastCosine(exact.get(i), vectors.get(i), dimension));
        }
        return least;
    }

    /** The result, in a sentence. */
    String note() {
        return precision == Precision.FP32
                ? "Precision fp32: nothing that the machine computes faster keeps the probe " + kind + "s' vectors."
                : String.format(
                        Locale.ROOT,
                        "Precision %s: the machine computes it faster, and on %d probe %ss its cosine with fp32 is at"
                                + " least %.5f.",
                        precision,
                        probes(kind).size(),
                        kind,
                        cosine);
    }
}
