package io.embedlake.pipeline;

import io.embedlake.image.PngImage;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Embeds a few texts as a job would, to see whether an embedder works. Stateless. */
public final class Probe {
    private static final int BATCH_TOKENS = 512;
    private static final String TEXT = "A text to try the model with.";

    private Probe() {}

    /**
     * The vector of a harmless text or image, as the embedder takes them: {@code [dimension]}, or {@code [spans, dimension]}.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the embedder refuses it
     */
    public static float[] first(Embedder embedder) {
        Input harmless = embedder.inputs() == InputKind.IMAGE ? Input.of(PngImage.harmless()) : Input.of(TEXT);
        return embed(embedder, List.of(harmless)).get(0);
    }

    /**
     * The values of these inputs, embedded together, each finite: {@code [dimension]}, or {@code [spans, dimension]}.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the embedder refuses one
     */
    public static List<float[]> embed(Embedder embedder, List<Input> inputs) {
        List<EmbeddingPipeline.Item<Integer>> items = new ArrayList<>();
        for (Input input : inputs) {
            items.add(new EmbeddingPipeline.Item<>(items.size(), input));
        }
        List<float[]> vectors = new ArrayList<>();
        try (EmbeddingPipeline pipeline = new EmbeddingPipeline(embedder, BATCH_TOKENS)) {
            pipeline.run(items.iterator())
                    .forEachRemaining(result -> vectors.add(vector(embedder.inputs(), result.outcome())));
        }
        return vectors;
    }

    private static float[] vector(InputKind kind, Outcome outcome) {
        if (outcome instanceof Outcome.Embedded embedded) {
            return embedded.vector();
        }
        throw new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot use the model: it gives no vector for a plain " + kind + " ("
                        + ((Outcome.Refused) outcome).reason() + "). Change the key model.");
    }
}
