package io.embedlake.remote.platform.api;

import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.auth.HeaderKey;
import io.embedlake.remote.batch.api.GeminiBatches;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.google.GeminiFormat;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.BatchOffer;
import io.embedlake.remote.platform.InputType;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.Surroundings;
import io.embedlake.spi.PlatformOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The Gemini API. Stateless. */
public final class GeminiPlatform extends ProviderPlatform {
    @Override
    public String name() {
        return "gemini";
    }

    @Override
    protected Optional<String> home(ApiOptions options) {
        return Optional.of(GeminiFormat.ENDPOINT);
    }

    @Override
    protected Optional<String> keyVariable() {
        return Optional.of("GEMINI_API_KEY");
    }

    @Override
    protected List<String> ownOptions() {
        return List.of("dimensions", "long-text");
    }

    @Override
    public List<PlatformOption> declares() {
        return List.of(InputType.OPTION, InputType.QUERY_OPTION);
    }

    @Override
    protected ModelFormat format(ApiOptions options) {
        options.requireWholeTexts();
        return GeminiFormat.of(
                new GeminiFormat.Settings(options.model(), GoogleNames.taskType(options), options.dimensions()));
    }

    @Override
    protected Credentials credentials(ApiOptions options, Supplier<String> key, Surroundings surroundings) {
        return HeaderKey.google(key);
    }

    @Override
    protected Optional<BatchOffer> batchOffer() {
        return Optional.of(new BatchOffer(0.5, Duration.ofHours(24), GeminiBatches::new));
    }
}
