package io.embedlake.sql;

import io.embedlake.JobFile;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The argument that names a job: the text of a job file, or the path of one, on this machine or a file system of Spark's. Stateless. */
final class JobArgument {
    private static final int MOST_BYTES = 4 << 20;
    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*");

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
        if (URI.matcher(job).matches()) {
            return JobFile.parse(remote(job, hadoop), overrides);
        }
        return JobFile.read(
                java.nio.file.Path.of(job),
                overrides,
                System.getenv(),
                java.nio.file.Path.of("").toAbsolutePath());
    }

    /** Options of a map as pairs; what is no key of a job belongs to its first column. */
    static List<String> overrides(Map<String, String> options) {
        return options.entrySet().stream()
                .map(option -> (io.embedlake.config.JobFile.isOfJob(option.getKey()) ? "" : "embeddings[0].")
                        + option.getKey() + "=" + option.getValue())
                .toList();
    }

    private static String remote(String job, Configuration hadoop) {
        Path path = new Path(job);
        try (InputStream bytes = path.getFileSystem(hadoop).open(path)) {
            return new String(bytes.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException | IllegalArgumentException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read the job file: " + job + " (" + e.getMessage()
                            + "). Give the path of a job file that Spark may read, or its text.",
                    e);
        }
    }
}
