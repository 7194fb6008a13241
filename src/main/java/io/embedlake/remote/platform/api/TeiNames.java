package io.embedlake.remote.platform.api;

import io.embedlake.remote.format.huggingface.TeiFormat;
import io.embedlake.remote.platform.ApiOptions;

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
