package io.embedlake.remote.platform.api;

import io.embedlake.remote.batch.api.VoyageBatches;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.common.Encoding;
import io.embedlake.remote.format.openai.VoyageFormat;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.BatchOffer;
import io.embedlake.remote.platform.InputType;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.spi.PlatformOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Voyage AI. Stateless. */
public final class VoyagePlatform extends ProviderPlatform {
    @Override
    public String name() {
        return "voyage";
    }

    @Override
    protected Optional<String> home(ApiOptions options) {
        return Optional.of(VoyageFormat.ENDPOINT);
    }

    @Override
    protected Optional<String> keyVariable() {
        return Optional.of("VOYAGE_API_KEY");
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
        return VoyageFormat.of(new VoyageFormat.Settings(
                options.model(),
                options.inputType().map(type -> type.as(VoyageFormat.InputType.class, type.name())),
                options.truncate(),
                options.dimensions(),
                Encoding.BASE64));
    }

    @Override
    protected Optional<BatchOffer> batchOffer() {
        return Optional.of(new BatchOffer(0.67, Duration.ofHours(12), VoyageBatches::new));
    }
}
