package io.embedlake.sql;

import io.embedlake.JobFile;
import io.embedlake.spark.RemotePath;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The argument that names a job: the text of a job file, or the path of one, on this machine or a file system of Spark's. Stateless. */
final class JobArgument {
    private static final int MOST_BYTES = 4 << 20;

    private JobArgument() {}

    /**
     * Reads it.
     *
     * @param overrides {@code key=value} pairs that count more than the file
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it cannot be read, or listing every problem of the job
     */
    static JobFile read(String job, List<String> overrides, Configuration hadoop) {
        if (job.indexOf('\n') >= 0 || job.strip().startsWith("{")) {
            return JobFile.parse(job, overrides);
        }
        try {
            Optional<Path> remote = RemotePath.of(job);
            return remote.isPresent()
                    ? JobFile.parse(text(remote.get(), hadoop), overrides)
                    : JobFile.read(
                            java.nio.file.Path.of(job),
                            overrides,
                            System.getenv(),
                            java.nio.file.Path.of("").toAbsolutePath());
        } catch (IOException | IllegalArgumentException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read the job file: " + job + " (" + e.getMessage()
                            + "). Give the path of a job file that Spark may read, or its text.",
                    e);
        }
    }

    private static String text(Path path, Configuration hadoop) throws IOException {
        try (InputStream bytes = path.getFileSystem(hadoop).open(path)) {
            return new String(bytes.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        }
    }
}
