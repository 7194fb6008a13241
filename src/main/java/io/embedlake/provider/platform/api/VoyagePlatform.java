package io.embedlake.provider.platform.api;

import io.embedlake.embed.PlatformOption;
import io.embedlake.provider.batch.api.VoyageBatches;
import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.platform.BatchOffer;
import io.embedlake.provider.platform.InputType;
import io.embedlake.provider.platform.ProviderPlatform;
import io.embedlake.provider.wire.ModelFormat;
import io.embedlake.provider.wire.format.Encoding;
import io.embedlake.provider.wire.openai.VoyageFormat;
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
