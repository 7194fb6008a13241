package io.embedlake.remote.batch.api;

import io.embedlake.remote.batch.BatchLimits;
import io.embedlake.remote.batch.BatchText;
import io.embedlake.remote.format.ModelFormat;
import java.util.List;
import java.util.Map;

/** OpenAI: {@code /files} and {@code /batches} below the base URL of single calls. Immutable. */
public final class OpenAiBatches extends OpenAiLikeBatches {
    /** As documented: 50,000 requests, which is also the most inputs over the whole batch, and 200 MB. */
    public static final BatchLimits LIMITS = new BatchLimits(50_000, 200_000_000);

    public OpenAiBatches(BatchHttp http, ModelFormat format) {
        super(http, format, "");
    }

    @Override
    public BatchLimits limits() {
        return LIMITS;
    }

    @Override
    public byte[] line(BatchText text) {
        return RequestLine.around(
                "{\"custom_id\":\"" + text.id() + "\",\"method\":\"POST\",\"url\":\"/v1/embeddings\",\"body\":",
                format().call(List.of(text.text())).body(),
                "}\n");
    }

    @Override
    public String submit(String file, String marker) {
        return submit(Map.of("input_file_id", file, "completion_window", "24h"), marker);
    }
}
