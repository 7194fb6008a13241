package io.embedlake.provider.platform.api;

import io.embedlake.provider.batch.api.MistralBatches;
import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.platform.BatchOffer;
import io.embedlake.provider.platform.ProviderPlatform;
import io.embedlake.provider.wire.ModelFormat;
import io.embedlake.provider.wire.format.Encoding;
import io.embedlake.provider.wire.openai.MistralFormat;
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
