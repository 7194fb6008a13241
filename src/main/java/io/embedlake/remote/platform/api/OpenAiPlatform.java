package io.embedlake.remote.platform.api;

import io.embedlake.remote.batch.api.OpenAiBatches;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.openai.OpenAiFormat;
import io.embedlake.remote.pack.Cl100kTokens;
import io.embedlake.remote.pack.TextTokens;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.BatchOffer;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.spi.PlatformOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** OpenAI. Stateless. */
public final class OpenAiPlatform extends ProviderPlatform {
    @Override
    public String name() {
        return "openai";
    }

    @Override
    protected Optional<String> home(ApiOptions options) {
        return Optional.of(OpenAiFormat.ENDPOINT);
    }

    @Override
    protected Optional<String> keyVariable() {
        return Optional.of("OPENAI_API_KEY");
    }

    @Override
    protected List<String> ownOptions() {
        return List.of("dimensions", "long-text");
    }

    @Override
    public List<PlatformOption> declares() {
        return List.of(OpenAiNames.ENCODING, OpenAiNames.USER);
    }

    @Override
    protected ModelFormat format(ApiOptions options) {
        options.requireWholeTexts();
        return OpenAiFormat.of(OpenAiFormat.Server.OPENAI, OpenAiNames.settings(options));
    }

    @Override
    protected TextTokens tokens() {
        return new Cl100kTokens();
    }

    @Override
    protected boolean countsExactly() {
        return true;
    }

    @Override
    protected Optional<BatchOffer> batchOffer() {
        return Optional.of(new BatchOffer(0.5, Duration.ofHours(24), OpenAiBatches::new));
    }
}
