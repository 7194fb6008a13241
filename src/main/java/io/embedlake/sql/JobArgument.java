package io.embedlake.sql;

import io.embedlake.JobFile;
import io.embedlake.spark.RemoteJobFile;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** The argument that names a job: the text of a job file, or the path of one, on this machine or a file system of Spark's. Stateless. */
final class JobArgument {
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
        return RemoteJobFile.text(job, () -> hadoop)
                .map(text -> JobFile.parse(text, overrides))
                .orElseGet(() -> read(job, overrides));
    }

    private static JobFile read(String file, List<String> overrides) {
        try {
            return JobFile.read(
                    Path.of(file), overrides, System.getenv(), Path.of("").toAbsolutePath());
        } catch (InvalidPathException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read the job file: " + file + " (" + e.getReason()
                            + "). Give the path of a job file that Spark may read, or its text.",
                    e);
        }
    }
}
