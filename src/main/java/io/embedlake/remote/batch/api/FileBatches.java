package io.embedlake.remote.batch.api;

import io.embedlake.remote.batch.BatchAnswer;
import io.embedlake.remote.batch.BatchApi;
import io.embedlake.remote.batch.BatchStatus;
import io.embedlake.remote.format.ModelFormat;
import java.nio.file.Path;
import java.util.List;

/** A batch API whose files are kept and whose lines are written as OpenAI does. Immutable. */
abstract class FileBatches implements BatchApi {
    /** The name of our marker in a batch's metadata. */
    static final String MARKER = "embedlake";

    private final BatchHttp http;
    private final ModelFormat format;
    private final JobFiles files;
    private final ResultLines lines;

    /** @param filesPath where files are, such as {@code /files} */
    FileBatches(BatchHttp http, ModelFormat format, String filesPath) {
        this.http = http;
        this.format = format;
        this.files = new JobFiles(http, filesPath);
        this.lines = new ResultLines(format);
    }

    final BatchHttp http() {
        return http;
    }

    final ModelFormat format() {
        return format;
    }

    @Override
    public final String upload(Path file, String marker) {
        return files.upload(file, marker);
    }

    @Override
    public final List<Path> download(BatchStatus over, Path folder) {
        return files.download(over.results(), folder);
    }

    @Override
    public final String id(String line) {
        return ResultLines.id(line, ResultLines.ID);
    }

    @Override
    public final BatchAnswer answer(String line) {
        return lines.answer(line);
    }
}
