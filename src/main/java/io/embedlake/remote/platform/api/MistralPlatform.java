package io.embedlake.remote.platform.api;

import io.embedlake.remote.batch.api.MistralBatches;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.common.Encoding;
import io.embedlake.remote.format.openai.MistralFormat;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.BatchOffer;
import io.embedlake.remote.platform.ProviderPlatform;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Mistral. Stateless. */
public final class MistralPlatform extends ProviderPlatform {
    @Override
    public String name() {
        return "mistral";
    }

    @Override
    protected Optional<String> home(ApiOptions options) {
        return Optional.of(MistralFormat.ENDPOINT);
    }

    @Override
    protected Optional<String> keyVariable() {
        return Optional.of("MISTRAL_API_KEY");
    }

    @Override
    protected List<String> ownOptions() {
        return List.of("dimensions", "long-text");
    }

    @Override
    protected ModelFormat format(ApiOptions options) {
        options.requireWholeTexts();
        return MistralFormat.of(new MistralFormat.Settings(options.model(), options.dimensions(), Encoding.BASE64));
    }

    @Override
    protected Optional<BatchOffer> batchOffer() {
        return Optional.of(new BatchOffer(0.5, Duration.ofHours(24), MistralBatches::new));
    }
}
