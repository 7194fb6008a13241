package io.embedlake.local.hub;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Where a model's files are in the cache: the layout that Python's huggingface_hub has. Immutable; safe with other processes. */
final class RepositoryFolder {
    private static final String PREFIX = "models--";
    private static final String SEPARATOR = "--";

    private final Path root;
    private final Path locks;

    RepositoryFolder(Path cache, String id) {
        String name = PREFIX + id.replace("/", SEPARATOR);
        this.root = cache.resolve(name);
        this.locks = cache.resolve(".locks").resolve(name);
    }

    /** The name of the model that a folder of the cache is about. */
    static Optional<String> id(Path folder) {
        String name = folder.getFileName().toString();
        return Optional.of(name)
                .filter(text -> text.startsWith(PREFIX))
                .map(text -> text.substring(PREFIX.length()).replace(SEPARATOR, "/"))
                .filter(id -> HubModel.parse(id).isPresent());
    }

    Path root() {
        return root;
    }

    Path blobs() {
        return root.resolve("blobs");
    }

    Path refs() {
        return root.resolve("refs");
    }

    Path snapshots() {
        return root.resolve("snapshots");
    }

    Path blob(String etag) {
        return blobs().resolve(etag);
    }

    /**
     * What a download has so far. Python locks the same files in another way ({@code flock}), which does not exclude ours, and its older
     * versions append to {@code etag.incomplete}: ours has a different name.
     */
    Path partial(String etag) {
        return blobs().resolve(etag + ".embedlake.incomplete");
    }

    Path lock(String etag) {
        return locks.resolve(etag + ".lock");
    }

    Path snapshot(String commit) {
        return snapshots().resolve(commit);
    }

    /** The commit that a revision stood for when it was last looked up. */
    Optional<String> commit(HubModel model) throws IOException {
        if (model.pinnedCommit().isPresent()) {
            return model.pinnedCommit();
        }
        Path ref = refs().resolve(model.revisionOrMain());
        return Files.isRegularFile(ref)
                ? Optional.of(Files.readString(ref).strip()).filter(HubModel::isCommit)
                : Optional.empty();
    }

    /** Notes what a revision stands for; readers see the old commit or the new one. */
    void note(HubModel model, String commit) throws IOException {
        if (model.pinnedCommit().isEmpty() && !commit(model).equals(Optional.of(commit))) {
            Path ref = refs().resolve(model.revisionOrMain());
            Files.createDirectories(ref.getParent());
            // Not among the refs, where it would be one.
            Path draft = root.resolve("ref-" + UUID.randomUUID() + ".tmp");
            try {
                Files.writeString(draft, commit);
                Trees.replace(draft, ref);
            } finally {
                Files.deleteIfExists(draft);
            }
        }
    }

    /** The files of a commit that can be read, by their names in the model. */
    List<String> names(String commit) throws IOException {
        Path folder = snapshot(commit);
        return Trees.all(folder, FileVisitOption.FOLLOW_LINKS).stream()
                .filter(Files::isRegularFile)
                .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                .toList();
    }
}
