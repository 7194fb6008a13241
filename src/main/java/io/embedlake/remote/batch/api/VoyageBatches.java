package io.embedlake.remote.batch.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.remote.batch.BatchLimits;
import io.embedlake.remote.batch.BatchText;
import io.embedlake.remote.format.ModelFormat;
import java.util.Map;

/** Voyage AI: as OpenAI, except that the batch has the options and its lines have the texts alone. Immutable. */
public final class VoyageBatches extends OpenAiLikeBatches {
    /** As documented: 100,000 inputs and 1 GB. */
    public static final BatchLimits LIMITS = new BatchLimits(100_000, 1_000_000_000);

    private static final String INPUT = "input";

    public VoyageBatches(BatchHttp http, ModelFormat format) {
        super(http, format, "/v1");
    }

    @Override
    public BatchLimits limits() {
        return LIMITS;
    }

    @Override
    public byte[] line(BatchText text) {
        ObjectNode body = RequestLine.request(format(), text.text()).retain(INPUT);
        return RequestLine.around("{\"custom_id\":\"" + text.id() + "\",\"body\":", body, "}\n");
    }

    @Override
    public String submit(String file, String marker) {
        return submit(
                Map.of(
                        "input_file_id",
                        file,
                        "completion_window",
                        "12h",
                        "request_params",
                        RequestLine.request(format(), INPUT).without(INPUT)),
                marker);
    }
}
