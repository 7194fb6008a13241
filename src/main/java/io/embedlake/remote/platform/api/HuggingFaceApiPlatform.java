package io.embedlake.remote.platform.api;

import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.platform.Api;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.ProviderPlatform;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Hugging Face's router to hosted models: the pipeline {@code feature-extraction}, with the fields of text-embeddings-inference. Stateless. */
public final class HuggingFaceApiPlatform extends ProviderPlatform {
    public HuggingFaceApiPlatform() {
        super(Api.named("huggingface-api")
                .at("https://router.huggingface.co")
                .keyIn("HF_TOKEN")
                .calls(TeiPlatform.embed(HuggingFaceApiPlatform::path).api("hf-router")));
    }

    private static String path(ApiOptions options) {
        String model = Arrays.stream(options.model().split("/"))
                .map(Options::pathSegment)
                .collect(Collectors.joining("/"));
        return "/hf-inference/models/" + model + "/pipeline/feature-extraction";
    }
}
