package io.embedlake.pipeline;

import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Embeds a few texts as a job would, to see whether an embedder works. Stateless. */
public final class Probe {
    private static final int BATCH_TOKENS = 512;

    private Probe() {}

    /**
     * The values of these texts, embedded together, each finite: {@code [dimension]}, or {@code [spans, dimension]}.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the embedder refuses one
     */
    public static List<float[]> embed(Embedder embedder, List<String> texts) {
        List<EmbeddingPipeline.Item<Integer>> items = new ArrayList<>();
        for (String text : texts) {
            items.add(new EmbeddingPipeline.Item<>(items.size(), text));
        }
        List<float[]> vectors = new ArrayList<>();
        try (EmbeddingPipeline pipeline = new EmbeddingPipeline(embedder, BATCH_TOKENS)) {
            pipeline.run(items.iterator()).forEachRemaining(result -> vectors.add(vector(result.outcome())));
        }
        return vectors;
    }

    private static float[] vector(Outcome outcome) {
        if (outcome instanceof Outcome.Embedded embedded) {
            return embedded.vector();
        }
        throw new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot use the model: it gives no vector for a plain text (" + ((Outcome.Refused) outcome).reason()
                        + "). Change the key model.");
    }
}
