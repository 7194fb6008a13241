package io.embedlake.provider.platform.api;

import io.embedlake.embed.PlatformOption;
import io.embedlake.provider.batch.api.CohereJobs;
import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.platform.BatchOffer;
import io.embedlake.provider.platform.InputType;
import io.embedlake.provider.platform.ProviderPlatform;
import io.embedlake.provider.wire.ModelFormat;
import io.embedlake.provider.wire.cohere.CohereFormat;
import io.embedlake.provider.wire.format.Encoding;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Cohere. Stateless. */
public final class CoherePlatform extends ProviderPlatform {
    @Override
    public String name() {
        return "cohere";
    }

    @Override
    protected Optional<String> home(ApiOptions options) {
        return Optional.of(CohereFormat.ENDPOINT);
    }

    @Override
    protected Optional<String> keyVariable() {
        return Optional.of("CO_API_KEY");
    }

    @Override
    protected List<String> ownOptions() {
        return List.of("dimensions", "long-text", "max-tokens");
    }

    @Override
    public List<PlatformOption> declares() {
        return List.of(InputType.OPTION, InputType.QUERY_OPTION);
    }

    @Override
    protected ModelFormat format(ApiOptions options) {
        return CohereFormat.of(new CohereFormat.Settings(
                options.model(),
                CohereNames.inputType(options),
                CohereNames.truncate(options),
                options.dimensions(),
                options.number("max-tokens"),
                Encoding.BASE64));
    }

    @Override
    protected Optional<InputType> documentType(ApiOptions options) {
        return options.inputType().or(() -> Optional.of(InputType.DOCUMENT));
    }

    /** Neither a discount nor a time is published; a day is what others say. */
    @Override
    protected Optional<BatchOffer> batchOffer() {
        return Optional.of(new BatchOffer(1, Duration.ofHours(24), CohereJobs::new));
    }
}
