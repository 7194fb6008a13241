package io.embedlake.remote.platform.api;

import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.answer.NumberedVectors;
import io.embedlake.remote.format.fault.Rule;
import io.embedlake.remote.platform.Api;
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
                                Parameter.inputType(TASKS).inFingerprint("task"),
                                Parameter.dimensions(),
                                Parameter.longText(true, false).inFingerprint("truncate"),
                                Parameter.flag("normalize").inFingerprint("normalized"))
                        .faults(
                                Rule.words("AUTHZ_INSUFFICIENT_BALANCE|insufficient.{0,20}balance", Cause.QUOTA),
                                Rule.words("CONFLICT_RESOURCE_BUSY", Cause.TRANSIENT))
                        .budgets(options -> new Budgets(
                                2048, options.model().contains("-v4") ? 32_768 : 8192, Long.MAX_VALUE, 8 << 20))));
    }
}
