package io.embedlake.spark.image;

import io.embedlake.image.ImageLimits;
import io.embedlake.retry.Retries;
import io.embedlake.retry.RetryRule;
import io.embedlake.retry.Sleeper;
import io.embedlake.spark.WholeFile;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads the files of images through Spark's file systems, a failed read a few times. Immutable; travels to executors.
 *
 * @param configuration of the file systems
 * @param maxBytes the longest file that is read
 */
public record ImageFiles(SerializableConfiguration configuration, long maxBytes) implements Serializable {
    private static final RetryRule RULE =
            new RetryRule(4, Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofSeconds(5));

    /** What is done with a file's content. */
    interface Reading<T> {
        T of(InputStream content, long length) throws IOException;
    }

    /**
     * The content of a file.
     *
     * @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} when there is no such file, or it is too long; {@link ErrorKind#TRANSIENT}
     *     when it cannot be read now
     */
    public byte[] content(String path) {
        return content(path, retries());
    }

    byte[] content(String path, Retries retries) {
        return read(path, retries, (content, length) -> {
            byte[] bytes = content.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, maxBytes + 1));
            if (bytes.length > maxBytes) {
                throw tooLong(bytes.length);
            }
            return bytes;
        });
    }

    <T> T read(String path, Reading<T> reading) {
        return read(path, retries(), reading);
    }

    private static Retries retries() {
        return new Retries(RULE, Sleeper.REAL, ThreadLocalRandom.current());
    }

    private <T> T read(String path, Retries retries, Reading<T> reading) {
        Retries.Series attempts = retries.series();
        while (true) {
            try {
                return once(path, reading);
            } catch (FileNotFoundException e) {
                throw new EmbedlakeException(ErrorKind.INVALID_INPUT, "the image's file does not exist", e);
            } catch (UnsupportedFileSystemException e) {
                throw new EmbedlakeException(
                        ErrorKind.INVALID_INPUT,
                        "Spark has no file system for the scheme of the image's path: add it to Spark's settings",
                        e);
            } catch (AccessControlException e) {
                throw new EmbedlakeException(ErrorKind.TRANSIENT, "the image's file may not be read by this user", e);
            } catch (IOException e) {
                Optional<Duration> wait = attempts.failed(Optional.empty());
                if (wait.isEmpty()) {
                    throw new EmbedlakeException(
                            ErrorKind.TRANSIENT,
                            "the image's file could not be read in " + attempts.failures() + " attempts ("
                                    + e.getClass().getSimpleName() + ")",
                            e);
                }
                sleep(retries, wait.get());
            }
        }
    }

    private <T> T once(String name, Reading<T> reading) throws IOException {
        Path path;
        try {
            path = new Path(name.strip());
        } catch (IllegalArgumentException e) {
            throw new EmbedlakeException(ErrorKind.INVALID_INPUT, "the image's path is no path or URI", e);
        }
        FileSystem files = path.getFileSystem(configuration.value());
        FileStatus status = files.getFileStatus(path);
        if (status.isDirectory()) {
            throw new EmbedlakeException(ErrorKind.INVALID_INPUT, "the image's path names a folder");
        }
        if (status.getLen() > maxBytes) {
            throw tooLong(status.getLen());
        }
        try (InputStream content = open(files, status)) {
            return reading.of(content, status.getLen());
        }
    }

    /** Of a file that is there: a local one that may not be read is reported as missing by Java. */
    private static InputStream open(FileSystem files, FileStatus file) throws IOException {
        try {
            return WholeFile.open(files, file);
        } catch (FileNotFoundException e) {
            throw (IOException) new AccessControlException(e.getMessage()).initCause(e);
        }
    }

    private EmbedlakeException tooLong(long length) {
        return new EmbedlakeException(
                ErrorKind.INVALID_INPUT,
                "the image's file has " + length + " bytes or more (at most " + maxBytes + ", by the key "
                        + ImageLimits.MAX_BYTES + ")");
    }

    private static void sleep(Retries retries, Duration time) {
        try {
            retries.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbedlakeException(ErrorKind.TRANSIENT, "Cannot go on: the job was interrupted.", e);
        }
    }
}
