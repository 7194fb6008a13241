package io.embedlake.lexical;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.FileHashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The content and the hash of a fitted model's file, and the errors when it cannot be read or differs. Stateless. */
public final class FittedFile {
    private FittedFile() {}

    /**
     * The bytes of a file.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it cannot be read
     */
    public static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * The SHA-256 of a file.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it cannot be read
     */
    public static String hash(Path file) {
        try {
            return FileHashes.of(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static EmbedlakeException unreadable(Path file, IOException cause) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot read the fitted model " + file + " (the file is not there, or may not be read)."
                        + " Give the job read access to it.",
                cause);
    }

    /**
     * Makes sure that a file holds the model that a job was planned with.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it holds another
     */
    public static void requireHash(Path file, String expected) {
        if (!hash(file).equals(expected)) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the fitted model " + file
                            + " (its content differs from what the job was planned with)."
                            + " Remove the file and start the job again: it is written anew from the store.");
        }
    }
}
