package io.embedlake.spark.image;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.Sha256;
import java.nio.charset.StandardCharsets;

/**
 * What identifies the content of an image's file. Immutable.
 *
 * @param hash the SHA-256 of the content in hexadecimal; of a file that cannot be read, one that no content has
 * @param size the length of the content in bytes; 0 where it cannot be read
 */
record FileDigest(String hash, long size) {
    private static final String UNREADABLE = "a file that could not be read: ";

    /** Reads a file once, without keeping its content. */
    static FileDigest of(ImageFiles files, String path) {
        try {
            return files.read(path, (content, length) -> new FileDigest(Sha256.hex(content), Math.max(0, length)));
        } catch (EmbedlakeException e) {
            if (!e.kind().concernsRows()) {
                throw e;
            }
            return new FileDigest(Sha256.hex((UNREADABLE + path).getBytes(StandardCharsets.UTF_8)), 0);
        }
    }
}
