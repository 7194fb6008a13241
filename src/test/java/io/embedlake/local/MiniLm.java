package io.embedlake.local;

import io.embedlake.local.files.ModelFiles;
import io.embedlake.local.files.ModelLocator;
import io.embedlake.pipeline.EmbeddingPipeline;
import io.embedlake.pipeline.EmbeddingPipeline.Item;
import io.embedlake.pipeline.EmbeddingPipeline.Result;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The embedded model, loaded once for all tests and never closed. Thread-safe. */
public final class MiniLm {
    static final HuggingFacePlatform PLATFORM = new HuggingFacePlatform();
    static final EmbedderSpec SPEC = describe(Optional.empty(), Map.of());
    static final ModelFiles FILES = ModelLocator.of(System.getenv()).locate(ModelLocator.defaultModel());

    /** The loaded model. */
    public static final Embedder EMBEDDER = PLATFORM.load(SPEC, Device.CPU);

    private static final int BATCH_TOKENS = 4096;

    private MiniLm() {}

    static EmbedderSpec describe(Optional<String> model, Map<String, String> options) {
        Map<String, String> exact = new TreeMap<>(Map.of("precision", "fp32"));
        exact.putAll(options);
        return PLATFORM.describe(new EmbedderRequest(model, exact));
    }

    /** The spec of a model directory. */
    static EmbedderSpec describe(Path directory, Map<String, String> options) {
        return describe(Optional.of(directory.toString()), options);
    }

    /** Makes a model directory of the embedded model; the weights are the same file where the disk is the same. */
    static Path directory(Path directory) throws IOException {
        try {
            Files.createLink(directory.resolve("model.onnx"), FILES.weights());
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(FILES.weights(), directory.resolve("model.onnx"));
        }
        Files.copy(FILES.tokenizer(), directory.resolve("tokenizer.json"));
        return directory;
    }

    /** The outcomes of these texts, in their order, on the calling thread. */
    public static List<Outcome> outcomes(Embedder embedder, List<String> texts) {
        List<Outcome> outcomes = new ArrayList<>();
        try (EmbeddingPipeline pipeline = new EmbeddingPipeline(embedder, BATCH_TOKENS)) {
            pipeline.run(IntStream.range(0, texts.size())
                            .mapToObj(i -> new Item<>(i, texts.get(i)))
                            .iterator())
                    .forEachRemaining((Result<Integer> result) -> outcomes.add(result.outcome()));
        }
        return outcomes;
    }

    /** The vectors of these texts, none of which is refused. */
    public static List<Outcome.Embedded> embed(Embedder embedder, List<String> texts) {
        return outcomes(embedder, texts).stream()
                .map(Outcome.Embedded.class::cast)
                .toList();
    }

    static float[] vector(Embedder embedder, String text) {
        return embed(embedder, List.of(text)).get(0).vector();
    }

    /** The cosine of the angle between two vectors. */
    public static double cosine(float[] left, float[] right) {
        double product = 0;
        double leftSquares = 0;
        double rightSquares = 0;
        for (int i = 0; i < left.length; i++) {
            product += (double) left[i] * right[i];
            leftSquares += (double) left[i] * left[i];
            rightSquares += (double) right[i] * right[i];
        }
        return product / Math.sqrt(leftSquares * rightSquares);
    }
}
