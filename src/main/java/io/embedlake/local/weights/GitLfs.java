package io.embedlake.local.weights;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Recognises the small text files that a clone of a repository holds in place of large ones when git-lfs was not there. Stateless. */
public final class GitLfs {
    private static final byte[] BEGIN = "version https://git-lfs.github.com/spec/".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST = 1024;

    private GitLfs() {}

    /**
     * Refuses a file that only points to its content; a missing file is accepted.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is a pointer
     */
    public static void requireContent(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LONGEST) {
                return;
            }
            try (InputStream bytes = Files.newInputStream(file)) {
                if (!Arrays.equals(bytes.readNBytes(BEGIN.length), BEGIN)) {
                    return;
                }
            }
        } catch (IOException e) {
            // Said by the reader of the file.
            return;
        }
        throw new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot read the model's file " + file
                        + " (it is a git-lfs pointer, not the file itself). Run git lfs pull in the model's folder.");
    }
}
