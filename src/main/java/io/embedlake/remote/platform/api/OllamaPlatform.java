package io.embedlake.remote.platform.api;

import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.ollama.OllamaFormat;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.ProviderPlatform;
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
