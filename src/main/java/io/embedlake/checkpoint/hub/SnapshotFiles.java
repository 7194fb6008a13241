package io.embedlake.checkpoint.hub;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Puts blobs under the names that they have in a model: by a relative link, or by a copy where links cannot be. Stateless. */
final class SnapshotFiles {
    private final Disk disk;

    SnapshotFiles(Disk disk) {
        this.disk = disk;
    }

    /** Makes the name lead to the blob, if it leads nowhere yet. */
    void place(Path blob, Path name) throws IOException {
        if (Files.isRegularFile(name)) {
            return;
        }
        Files.createDirectories(name.getParent());
        // What is there leads nowhere: a link whose blob was removed.
        Files.deleteIfExists(name);
        try {
            disk.link(name, name.getParent().relativize(blob));
        } catch (FileAlreadyExistsException e) {
            // Another process was faster.
        } catch (IOException | UnsupportedOperationException e) {
            copy(blob, name);
        }
    }

    private static void copy(Path blob, Path name) throws IOException {
        Path draft = blob.resolveSibling(blob.getFileName() + "." + UUID.randomUUID() + ".incomplete");
        try {
            Files.copy(blob, draft, StandardCopyOption.REPLACE_EXISTING);
            Moves.publish(draft, name);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
