package io.embedlake.local.hub;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What of the file system tests make fail. Implementations are stateless. */
interface Disk {
    /** The disk of this machine. */
    Disk REAL = new Disk() {};

    /** Opens a file to write at its end; it is made if it is not there. */
    default OutputStream append(Path file) throws IOException {
        return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Makes a symbolic link. */
    default void link(Path link, Path target) throws IOException {
        Files.createSymbolicLink(link, target);
    }
}
