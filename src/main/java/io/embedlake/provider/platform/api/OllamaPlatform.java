package io.embedlake.provider.platform.api;

import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.platform.ProviderPlatform;
import io.embedlake.provider.wire.ModelFormat;
import io.embedlake.provider.wire.ollama.OllamaFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Ollama. Stateless. */
public final class OllamaPlatform extends ProviderPlatform {
    @Override
    public String name() {
        return "ollama";
    }

    @Override
    protected Optional<String> home(ApiOptions options) {
        return Optional.of(OllamaFormat.ENDPOINT);
    }

    @Override
    protected List<String> ownOptions() {
        return List.of("dimensions", "long-text");
    }

    @Override
    protected ModelFormat format(ApiOptions options) {
        return OllamaFormat.of(new OllamaFormat.Settings(
                options.model(), options.truncate(), options.dimensions(), OptionalInt.empty(), Optional.empty()));
    }

    @Override
    public boolean isSelfHosted() {
        return true;
    }

    /** It computes on one machine, and refuses with status 503 when too many wait. */
    @Override
    protected int usualInFlight() {
        return 4;
    }
}
