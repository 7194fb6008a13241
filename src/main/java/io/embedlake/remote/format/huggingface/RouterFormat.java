package io.embedlake.remote.format.huggingface;

import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.common.Options;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The pipeline {@code feature-extraction} of Hugging Face's router to hosted models: the fields of text-embeddings-inference. Stateless. */
public final class RouterFormat {
    /** The router's base URL. */
    public static final String ENDPOINT = "https://router.huggingface.co";

    private RouterFormat() {}

    /** The format for a model of the hub, such as {@code BAAI/bge-m3}. */
    public static ModelFormat of(TeiFormat.Settings settings) {
        String model = Arrays.stream(settings.model().split("/"))
                .map(Options::pathSegment)
                .collect(Collectors.joining("/"));
        return TeiFormat.of(
                "/hf-inference/models/" + model + "/pipeline/feature-extraction",
                settings,
                TeiFormat.BUDGETS,
                "hf-router");
    }
}
