package io.embedlake.pipeline;

import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Vectors;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * Reference texts and the vectors that the driver's model gives them: an executor whose model gives others, alone or in a mixed batch, must
 * not embed a row. Immutable.
 */
public final class ReferenceVectorCheck implements Serializable {
    /** Checks nothing. */
    public static final ReferenceVectorCheck OPEN = new ReferenceVectorCheck("", List.of(), List.of());

    private static final long serialVersionUID = 1L;
    private static final double LEAST_COSINE = 0.999;
    private static final List<String> TEXTS = List.of(
            "yes",
            "A cat sleeps on the warm stone of the bridge.",
            "Der Zug nach Bremen f\u00e4hrt heute nicht, weil die Strecke gesperrt ist.",
            "def area(radius): return 3.14159 * radius ** 2",
            ("The committee asked for a second version with a plan for the first three years, an estimate of what could go"
                            + " wrong, and a list of those who would have to be heard before anything is decided. ")
                    .repeat(3));

    private final String label;
    private final List<String> texts;
    private final List<float[]> vectors;

    private ReferenceVectorCheck(String label, List<String> texts, List<float[]> vectors) {
        this.label = label;
        this.texts = List.copyOf(texts);
        this.vectors = List.copyOf(vectors);
    }

    /**
     * A check with this embedder's vectors, each text embedded alone; without the texts that it refuses, as models with a column's
     * vocabulary do.
     *
     * @param label the model's name in messages
     */
    public static ReferenceVectorCheck of(String label, Embedder embedder) {
        List<String> taken =
                TEXTS.stream().filter(text -> takes(embedder, text)).toList();
        return new ReferenceVectorCheck(
                label,
                taken,
                taken.stream()
                        .map(text -> Probe.embed(embedder, List.of(text)).get(0))
                        .toList());
    }

    private static boolean takes(Embedder embedder, String text) {
        try (EmbeddingSession session = embedder.open()) {
            session.encode(text);
            return true;
        } catch (EmbedlakeException e) {
            if (e.kind() != ErrorKind.INVALID_INPUT) {
                throw e;
            }
            return false;
        }
    }

    /**
     * Compares an embedder's vectors with the references.
     *
     * @param machine the machine, for the message
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when they differ
     */
    public void check(Embedder embedder, String machine) {
        if (vectors.isEmpty()) {
            return;
        }
        List<float[]> together = Probe.embed(embedder, texts);
        for (int i = 0; i < vectors.size(); i++) {
            float[] alone = Probe.embed(embedder, List.of(texts.get(i))).get(0);
            require(Vectors.leastCosine(vectors.get(i), alone, embedder.dimension()), "alone", machine);
            require(
                    Vectors.leastCosine(vectors.get(i), together.get(i), embedder.dimension()),
                    "in a mixed batch",
                    machine);
        }
    }

    private void require(double cosine, String how, String machine) {
        if (!(cosine >= LEAST_COSINE)) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    String.format(
                            Locale.ROOT,
                            "Cannot trust the vectors that %s makes on %s: a reference text embedded %s has a cosine of %.5f"
                                    + " with the driver's vector (at least %s). Compare the machines with embedlake doctor, or"
                                    + " set precision to fp32.",
                            label,
                            machine,
                            how,
                            cosine,
                            LEAST_COSINE));
        }
    }
}
