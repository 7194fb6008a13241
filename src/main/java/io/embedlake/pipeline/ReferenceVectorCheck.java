package io.embedlake.pipeline;

import io.embedlake.image.ProbeImages;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Vectors;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Reference texts or images, and the vectors that the driver's model gives them: an executor whose model gives others, alone or in a mixed batch, must
 * not embed a row. Immutable.
 */
public final class ReferenceVectorCheck implements Serializable {
    /** Checks nothing. */
    public static final ReferenceVectorCheck OPEN = new ReferenceVectorCheck("", InputKind.TEXT, List.of(), List.of());

    private static final long serialVersionUID = 1L;
    private static final double LEAST_COSINE = 0.999;
    private static final int IMAGES = 5;
    private static final List<String> TEXTS = List.of(
            "yes",
            "A cat sleeps on the warm stone of the bridge.",
            "Der Zug nach Bremen f\u00e4hrt heute nicht, weil die Strecke gesperrt ist.",
            "def area(radius): return 3.14159 * radius ** 2",
            ("The committee asked for a second version with a plan for the first three years, an estimate of what could go"
                            + " wrong, and a list of those who would have to be heard before anything is decided. ")
                    .repeat(3));

    private final String label;
    private final InputKind kind;
    private final List<Integer> taken;
    private final List<float[]> vectors;

    private ReferenceVectorCheck(String label, InputKind kind, List<Integer> taken, List<float[]> vectors) {
        this.label = label;
        this.kind = kind;
        this.taken = List.copyOf(taken);
        this.vectors = List.copyOf(vectors);
    }

    /**
     * A check with this embedder's vectors, each input embedded alone; without those that it refuses, as models with a column's
     * vocabulary do.
     *
     * @param label the model's name in messages
     */
    public static ReferenceVectorCheck of(String label, Embedder embedder) {
        List<Input> all = inputs(embedder.inputs());
        List<Integer> taken = IntStream.range(0, all.size())
                .filter(place -> takes(embedder, all.get(place)))
                .boxed()
                .toList();
        return new ReferenceVectorCheck(
                label,
                embedder.inputs(),
                taken,
                taken.stream().map(place -> alone(embedder, all.get(place))).toList());
    }

    /** What every JVM has. */
    private static List<Input> inputs(InputKind kind) {
        return kind == InputKind.IMAGE
                ? ProbeImages.ALL.subList(0, IMAGES)
                : TEXTS.stream().map(Input::of).toList();
    }

    private static float[] alone(Embedder embedder, Input input) {
        return Probe.embed(embedder, List.of(input)).get(0);
    }

    private static boolean takes(Embedder embedder, Input input) {
        try (EmbeddingSession session = embedder.open()) {
            session.encode(input);
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
        List<Input> all = inputs(kind);
        List<Input> references = taken.stream().map(all::get).toList();
        List<float[]> together = Probe.embed(embedder, references);
        for (int i = 0; i < vectors.size(); i++) {
            float[] alone = alone(embedder, references.get(i));
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
                            "Cannot trust the vectors that %s makes on %s: a reference %s embedded %s has a cosine of %.5f"
                                    + " with the driver's vector (at least %s). Compare the machines with embedlake doctor, or"
                                    + " set precision to fp32.",
                            label,
                            machine,
                            kind,
                            how,
                            cosine,
                            LEAST_COSINE));
        }
    }
}
