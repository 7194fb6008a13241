package io.embedlake.provider.batch.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.provider.batch.BatchAnswer;
import io.embedlake.provider.batch.BatchApi;
import io.embedlake.provider.batch.BatchLimits;
import io.embedlake.provider.batch.BatchStatus;
import io.embedlake.provider.batch.BatchText;
import io.embedlake.provider.wire.ModelFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Voyage AI: as OpenAI, except that the batch has the options and its lines have the texts alone. Immutable. */
public final class VoyageBatches implements BatchApi {
    /** As documented: 100,000 inputs and 1 GB. */
    public static final BatchLimits LIMITS = new BatchLimits(100_000, 1_000_000_000);

    private static final String INPUT = "input";

    private final ModelFormat format;
    private final JobFiles files;
    private final OpenAiJobs jobs;
    private final ResultLines lines;

    public VoyageBatches(BatchHttp http, ModelFormat format) {
        this.format = format;
        this.files = new JobFiles(http, "/v1/files");
        this.jobs = new OpenAiJobs(http, "/v1/batches");
        this.lines = new ResultLines(format);
    }

    @Override
    public BatchLimits limits() {
        return LIMITS;
    }

    @Override
    public byte[] line(BatchText text) {
        ObjectNode body = RequestLine.request(format, text.text()).retain(INPUT);
        return RequestLine.around("{\"custom_id\":\"" + text.id() + "\",\"body\":", body, "}\n");
    }

    @Override
    public String upload(Path file, String marker) {
        return files.upload(file, marker);
    }

    @Override
    public String submit(String file, String marker) {
        return jobs.submit(
                Map.of(
                        "input_file_id",
                        file,
                        "completion_window",
                        "12h",
                        "request_params",
                        RequestLine.request(format, INPUT).without(INPUT)),
                marker);
    }

    @Override
    public Optional<String> find(String marker) {
        return jobs.find(marker);
    }

    @Override
    public BatchStatus look(String batch) {
        return jobs.look(batch);
    }

    @Override
    public List<Path> download(BatchStatus over, Path folder) {
        return files.download(over.results(), folder);
    }

    @Override
    public String id(String line) {
        return ResultLines.id(line, ResultLines.ID);
    }

    @Override
    public BatchAnswer answer(String line) {
        return lines.answer(line);
    }
}
