package io.embedlake.local.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** What is in folders, and how files appear there whole or not at all. Stateless. */
final class Trees {
    private Trees() {}

    /** The direct children of a folder; empty when it does not exist. */
    static List<Path> children(Path folder) throws IOException {
        return Files.isDirectory(folder) ? sorted(Files.list(folder)) : List.of();
    }

    /** A folder and everything below it, parents first; empty when it does not exist. */
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

    /** Lets a file appear under its name whole or not at all. */
    static void replace(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The same, for what must not be empty after the machine lost its power. */
    static void publish(Path from, Path to) throws IOException {
        try (FileChannel channel = FileChannel.open(from, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        replace(from, to);
    }
}
