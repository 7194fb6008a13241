package io.embedlake.provider.platform.api;

import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.platform.ProviderPlatform;
import io.embedlake.provider.wire.ModelFormat;
import io.embedlake.provider.wire.huggingface.TeiFormat;
import java.util.List;
import java.util.Optional;

/** Hugging Face's text-embeddings-inference, which Inference Endpoints run too. Stateless. */
public final class TeiPlatform extends ProviderPlatform {
    @Override
    public String name() {
        return "tei";
    }

    @Override
    protected Optional<String> home(ApiOptions options) {
        return Optional.empty();
    }

    @Override
    protected Optional<String> keyVariable() {
        return Optional.empty();
    }

    @Override
    protected List<String> ownOptions() {
        return List.of("dimensions", "long-text", "normalize", "prompt-name");
    }

    @Override
    protected ModelFormat format(ApiOptions options) {
        return TeiFormat.of(TeiNames.settings(options), TeiFormat.BUDGETS);
    }

    @Override
    public boolean isSelfHosted() {
        return true;
    }
}
