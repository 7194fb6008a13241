package io.embedlake.lexical.fitted;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.FileHashes;
import java.io.IOException;
import java.nio.file.Path;

/** The hash of a fitted model's file, and the error when it differs. Stateless. */
final class FittedFile {
    private FittedFile() {}

    static String hash(Path file) {
        try {
            return FileHashes.of(file);
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read the fitted model " + file + " (the file is not there, or may not be read)."
                            + " Give the job read access to it.",
                    e);
        }
    }

    /**
     * Makes sure that a file holds the model that a job was planned with.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it holds another
     */
    static void requireHash(Path file, String expected) {
        if (!hash(file).equals(expected)) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the fitted model " + file
                            + " (its content differs from what the job was planned with)."
                            + " Remove the file and start the job again: it is written anew from the store.");
        }
    }
}
