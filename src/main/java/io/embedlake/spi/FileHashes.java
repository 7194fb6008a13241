package io.embedlake.spi;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The SHA-256 of files, read once for as long as a file's size and time of change stay the same: weights are large, and a job
 * asks for their hash when it is planned and again when they are loaded. Thread-safe.
 */
public final class FileHashes {
    private record Version(Path file, long size, FileTime changed) {}

    private static final Map<Version, String> KNOWN = new ConcurrentHashMap<>();

    private FileHashes() {}

    /** The hash of a file: 64 hexadecimal characters. */
    public static String of(Path file) throws IOException {
        Version version = new Version(file.toAbsolutePath(), Files.size(file), Files.getLastModifiedTime(file));
        String known = KNOWN.get(version);
        if (known == null) {
            try (InputStream bytes = Files.newInputStream(file)) {
                known = Sha256.hex(bytes);
            }
            KNOWN.put(version, known);
        }
        return known;
    }
}
