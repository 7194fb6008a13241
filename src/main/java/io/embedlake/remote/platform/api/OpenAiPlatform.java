package io.embedlake.remote.platform.api;

import io.embedlake.remote.batch.api.OpenAiBatches;
import io.embedlake.remote.format.answer.NumberedVectors;
import io.embedlake.remote.pack.Cl100kTokens;
import io.embedlake.remote.platform.Api;
import io.embedlake.remote.platform.Parameter;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.Wire;
import io.embedlake.spi.PlatformOption;
import java.time.Duration;
import java.util.List;

/** OpenAI. Stateless. */
public final class OpenAiPlatform extends ProviderPlatform {
    private static final PlatformOption ENCODING = PlatformOption.choice(
            "encoding",
            List.of("base64", "float"),
            "base64; openai-compatible: float",
            "How the answer is asked to write vectors: base64 is a quarter of the bytes; some gateways know float only. Either is"
                    + " read, whatever was asked for.",
            "float");

    private static final PlatformOption USER = PlatformOption.text(
            "user",
            "a name",
            "nobody is named",
            "Whom the provider is to see as the end user; changes no fingerprint.",
            "team-search");

    public OpenAiPlatform() {
        super(Api.named("openai")
                .at("https://api.openai.com/v1")
                .keyIn("OPENAI_API_KEY")
                .calls(call())
                .counted(Cl100kTokens::new)
                .batches(0.5, Duration.ofHours(24), OpenAiBatches::new));
    }

    static Wire call() {
        return hosted(
                "/embeddings",
                """
                {"input": "{texts}", "model": "{model}", "dimensions": "{dimensions}", "encoding_format": "{encoding}",
                 "user": "{user}"}""");
    }

    /** A call of OpenAI's models, by OpenAI or Azure. Its 300,000 tokens are counted here with a margin. */
    static Wire hosted(String path, String body, Parameter... more) {
        return Wire.post(path, body, NumberedVectors.class)
                .api("openai")
                .with(dimensions(), Parameter.wholeTexts(), encoding().usually("base64"), Parameter.of(USER))
                .with(more)
                .budgets(2048, 8192, 270_000, 8 << 20);
    }

    static Parameter dimensions() {
        return Parameter.dimensions()
                .unless(model -> model.contains("ada-002"), "the vectors of %s have one length only");
    }

    /** Floats are what servers send anyway. */
    static Parameter encoding() {
        return Parameter.of(ENCODING).except("float");
    }
}
