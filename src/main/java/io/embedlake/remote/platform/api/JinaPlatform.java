package io.embedlake.remote.platform.api;

import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.answer.NumberedVectors;
import io.embedlake.remote.format.fault.ErrorClassifier;
import io.embedlake.remote.format.fault.Rule;
import io.embedlake.remote.image.ImageRules;
import io.embedlake.remote.platform.Api;
import io.embedlake.remote.platform.ImageModels;
import io.embedlake.remote.platform.InputType;
import io.embedlake.remote.platform.Parameter;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.Wire;
import java.util.Map;

/**
 * Jina AI. Late chunking is left out: it makes one context of all texts of a call, which are not of one document here. Stateless.
 */
public final class JinaPlatform extends ProviderPlatform {
    private static final Map<InputType, String> TASKS = Map.of(
            InputType.DOCUMENT, "retrieval.passage",
            InputType.QUERY, "retrieval.query",
            InputType.SIMILARITY, "text-matching",
            InputType.CLASSIFICATION, "classification",
            InputType.CLUSTERING, "separation");

    private static final ErrorClassifier FAULTS = ErrorClassifier.with(
            Rule.words("AUTHZ_INSUFFICIENT_BALANCE|insufficient.{0,20}balance", Cause.QUOTA),
            Rule.words("CONFLICT_RESOURCE_BUSY", Cause.TRANSIENT));

    private static final ImageRules FILES = ImageRules.of(ImageRules.Form.BASE64, "JPEG", "PNG", "GIF", "WebP");

    /** Images are cut into squares, each charged for; numbers of the page of models. */
    private static final ImageModels CLIP_1 = new ImageModels(
            "jina-clip-v1"::equals,
            "jina-clip-v1",
            images("").with(Parameter.dimensions(), normalized()),
            FILES.tokens(image -> 1000 * image.tiles(224)));

    private static final ImageModels CLIP_2 = new ImageModels(
            model -> model.startsWith("jina-clip"),
            "jina-clip-v2",
            images("").with(Parameter.dimensions(), normalized()),
            FILES.tokens(image -> 4000 * image.tiles(512)));

    private static final ImageModels VERSION_4 = new ImageModels(
            model -> model.contains("-v4"),
            "jina-embeddings-v4",
            images("\"task\": \"{input-type}\", ").with(task(), Parameter.dimensions(), normalized()),
            FILES.tokens(image -> 10 * image.tiles(28)));

    public JinaPlatform() {
        super(Api.named("jina")
                .at("https://api.jina.ai")
                .keyIn("JINA_API_KEY")
                .calls(Wire.post(
                                "/v1/embeddings",
                                """
                                {"input": "{texts}", "model": "{model}", "task": "{input-type}", "dimensions": "{dimensions}",
                                 "truncate": "{long-text}", "normalized": "{normalize}", "embedding_type": "base64"}""",
                                NumberedVectors.class)
                        .with(
                                task(),
                                Parameter.dimensions(),
                                Parameter.longText(true, false).inFingerprint("truncate"),
                                normalized())
                        .faults(FAULTS)
                        .budgets(options -> new Budgets(
                                2048, options.model().contains("-v4") ? 32_768 : 8192, Long.MAX_VALUE, 8 << 20)))
                .images(CLIP_1, CLIP_2, VERSION_4));
    }

    private static Wire images(String task) {
        return Wire.post(
                        "/v1/embeddings",
                        """
                        {"input": [{"image": "{text}"}], "model": "{model}", %s"dimensions": "{dimensions}",
                         "normalized": "{normalize}", "embedding_type": "base64"}"""
                                .formatted(task),
                        NumberedVectors.class)
                .faults(FAULTS)
                .budgets(512, Integer.MAX_VALUE, Long.MAX_VALUE, 8 << 20);
    }

    private static Parameter task() {
        return Parameter.inputType(TASKS).inFingerprint("task");
    }

    private static Parameter normalized() {
        return Parameter.flag("normalize").inFingerprint("normalized");
    }
}
