package io.embedlake.spark;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Job files on file systems of Spark's, such as {@code s3a://bucket/jobs/docs.yaml}. Stateless. */
public final class RemoteJobFile {
    private static final int MOST_BYTES = 4 << 20;

    private RemoteJobFile() {}

    /**
     * The text of a job file, where its path has a scheme; nothing where it is a file of this machine.
     *
     * @param hadoop the settings of the file systems
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is no such file or file system; {@link ErrorKind#STORAGE} when it cannot be read
     */
    public static Optional<String> text(String path, Supplier<Configuration> hadoop) {
        try {
            Optional<Path> remote = RemotePath.of(path);
            return remote.isPresent() ? Optional.of(read(remote.get(), hadoop.get())) : Optional.empty();
        } catch (FileNotFoundException e) {
            throw unreadable(ErrorKind.CONFIGURATION, path, "no such file", e);
        } catch (IllegalArgumentException | UnsupportedFileSystemException e) {
            throw unreadable(ErrorKind.CONFIGURATION, path, e.getMessage(), e);
        } catch (IOException e) {
            throw unreadable(ErrorKind.STORAGE, path, e.getMessage(), e);
        }
    }

    /** The settings of the file systems before there is a session: those of spark-submit. */
    public static Configuration submitted() {
        return SparkHadoopUtil.get().newConfiguration(new SparkConf());
    }

    private static String read(Path path, Configuration hadoop) throws IOException {
        try (InputStream bytes = path.getFileSystem(hadoop).open(path)) {
            return new String(bytes.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        }
    }

    private static EmbedlakeException unreadable(ErrorKind kind, String path, String rule, Exception cause) {
        return new EmbedlakeException(
                kind,
                "Cannot read the job file: " + path + " (" + rule + "). Name a job file that Spark may read.",
                cause);
    }
}
