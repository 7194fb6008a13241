package io.embedlake.provider.platform.api;

import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.wire.huggingface.TeiFormat;

/** The options of text-embeddings-inference, wherever it runs. Stateless. */
final class TeiNames {
    private TeiNames() {}

    static TeiFormat.Settings settings(ApiOptions options) {
        return new TeiFormat.Settings(
                options.model(),
                options.truncate(),
                TeiFormat.Direction.RIGHT,
                options.text("prompt-name"),
                options.normalize(),
                options.dimensions());
    }
}
