package io.embedlake.checkpoint.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What is in folders. Stateless. */
final class Trees {
    private Trees() {}

    /** What is directly in a folder; nothing when there is none. */
    static List<Path> children(Path folder) throws IOException {
        return Files.isDirectory(folder) ? sorted(Files.list(folder)) : List.of();
    }

    /** A folder and all that is below it, parents first; nothing when there is none. */
    static List<Path> all(Path folder, FileVisitOption... options) throws IOException {
        return Files.isDirectory(folder) ? sorted(Files.walk(folder, options)) : List.of();
    }

    private static List<Path> sorted(Stream<Path> paths) throws IOException {
        try (paths) {
            return paths.sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
