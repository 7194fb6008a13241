package io.embedlake.remote.platform.api;

import io.embedlake.remote.batch.api.CohereJobs;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.cohere.CohereFormat;
import io.embedlake.remote.format.common.Encoding;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.BatchOffer;
import io.embedlake.remote.platform.InputType;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.spi.PlatformOption;
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
