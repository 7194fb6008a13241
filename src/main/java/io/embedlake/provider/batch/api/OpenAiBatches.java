package io.embedlake.provider.batch.api;

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

/** OpenAI: {@code /files} and {@code /batches} below the base URL of single calls. Immutable. */
public final class OpenAiBatches implements BatchApi {
    /** As documented: 50,000 requests, which is also the most inputs over the whole batch, and 200 MB. */
    public static final BatchLimits LIMITS = new BatchLimits(50_000, 200_000_000);

    private final ModelFormat format;
    private final JobFiles files;
    private final OpenAiJobs jobs;
    private final ResultLines lines;

    public OpenAiBatches(BatchHttp http, ModelFormat format) {
        this.format = format;
        this.files = new JobFiles(http, "/files");
        this.jobs = new OpenAiJobs(http, "/batches");
        this.lines = new ResultLines(format);
    }

    @Override
    public BatchLimits limits() {
        return LIMITS;
    }

    @Override
    public byte[] line(BatchText text) {
        return RequestLine.around(
                "{\"custom_id\":\"" + text.id() + "\",\"method\":\"POST\",\"url\":\"/v1/embeddings\",\"body\":",
                format.call(List.of(text.text())).body(),
                "}\n");
    }

    @Override
    public String upload(Path file, String marker) {
        return files.upload(file, marker);
    }

    @Override
    public String submit(String file, String marker) {
        return jobs.submit(Map.of("input_file_id", file, "completion_window", "24h"), marker);
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
