package io.embedlake.local.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The hash that the hub names a file's content by: SHA-256 for large files, git's SHA-1 of the blob for the others. Immutable.
 *
 * @param kind how it is computed
 * @param hex its value
 */
record ContentHash(Kind kind, String hex) {
    private static final int BUFFER_BYTES = 1 << 17;

    /** How a hash is computed. */
    enum Kind {
        SHA_256("SHA-256"),
        GIT_BLOB("SHA-1");

        private final String algorithm;

        Kind(String algorithm) {
            this.algorithm = algorithm;
        }
    }

    /** The hash that a name of a blob is; empty for names that are no hash of the content. */
    static Optional<ContentHash> of(String name) {
        if (!name.matches("[0-9a-f]+")) {
            return Optional.empty();
        }
        return switch (name.length()) {
            case 64 -> Optional.of(new ContentHash(Kind.SHA_256, name));
            case 40 -> Optional.of(new ContentHash(Kind.GIT_BLOB, name));
            default -> Optional.empty();
        };
    }

    /** Whether a file has this hash: all of it is read. */
    boolean isThatOf(Path file) throws IOException {
        return hash(kind, file).equals(hex);
    }

    static String hash(Kind kind, Path file) throws IOException {
        MessageDigest digest = digest(kind);
        if (kind == Kind.GIT_BLOB) {
            digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream bytes = Files.newInputStream(file)) {
            for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest(Kind kind) {
        try {
            return MessageDigest.getInstance(kind.algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + kind.algorithm, e);
        }
    }
}
