package io.embedlake.local.hub;

import io.embedlake.local.hub.CachedModel.CachedSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Lists, checks and removes what is in the cache. Immutable and thread-safe. */
record CacheInventory(Path cache) {
    List<CachedModel> models() throws IOException {
        List<CachedModel> models = new ArrayList<>();
        for (Path folder : Trees.children(cache)) {
            Optional<String> id = RepositoryFolder.id(folder).filter(name -> Files.isDirectory(folder));
            if (id.isPresent()) {
                models.add(model(id.get()));
            }
        }
        models.sort(Comparator.comparing(CachedModel::id));
        return models;
    }

    /** All files of a model at a revision, the blob of each compared with its name. */
    Verification verify(HubModel model, String commit) throws IOException {
        RepositoryFolder folder = new RepositoryFolder(cache, model.id());
        List<Path> intact = new ArrayList<>();
        List<Path> damaged = new ArrayList<>();
        List<Path> unknown = new ArrayList<>();
        for (Path file : files(folder.snapshot(commit))) {
            Optional<ContentHash> hash = blob(file).flatMap(blob -> ContentHash.of(name(blob)));
            if (!Files.isRegularFile(file)) {
                damaged.add(file);
            } else if (hash.isEmpty()) {
                (isCopy(folder, file) ? intact : unknown).add(file);
            } else {
                (hash.get().isThatOf(file) ? intact : damaged).add(file);
            }
        }
        return new Verification(intact, damaged, unknown);
    }

    /**
     * Deletes a model, or one of its commits with the blobs that no other has. Names are deleted before what they refer to, so that no
     * reader finds half a model.
     */
    void remove(HubModel model, Optional<String> commit) throws IOException {
        RepositoryFolder folder = new RepositoryFolder(cache, model.id());
        if (commit.isEmpty()) {
            delete(folder.refs());
            delete(folder.snapshots());
            delete(folder.root());
            return;
        }
        for (Path ref : files(folder.refs())) {
            if (Files.readString(ref).strip().equals(commit.get())) {
                Files.delete(ref);
            }
        }
        Set<Path> blobs = blobs(folder.snapshot(commit.get()));
        delete(folder.snapshot(commit.get()));
        for (Path snapshot : snapshots(folder)) {
            blobs.removeAll(blobs(snapshot));
        }
        for (Path blob : blobs) {
            Files.deleteIfExists(blob);
        }
    }

    private CachedModel model(String id) throws IOException {
        RepositoryFolder folder = new RepositoryFolder(cache, id);
        TreeMap<String, List<String>> revisions = new TreeMap<>();
        for (Path ref : files(folder.refs())) {
            revisions
                    .computeIfAbsent(Files.readString(ref).strip(), commit -> new ArrayList<>())
                    .add(folder.refs().relativize(ref).toString().replace('\\', '/'));
        }
        List<CachedSnapshot> snapshots = new ArrayList<>();
        long bytes = bytes(Trees.children(folder.blobs()));
        for (Path snapshot : snapshots(folder)) {
            List<Path> files = files(snapshot);
            snapshots.add(new CachedSnapshot(
                    name(snapshot), revisions.getOrDefault(name(snapshot), List.of()), bytes(files), snapshot));
            bytes += bytes(
                    files.stream().filter(file -> !Files.isSymbolicLink(file)).toList());
        }
        return new CachedModel(id, bytes, snapshots);
    }

    /** A file without a link has no name that tells its hash, but may be the copy of a blob. */
    private static boolean isCopy(RepositoryFolder folder, Path file) throws IOException {
        for (ContentHash.Kind kind : ContentHash.Kind.values()) {
            if (Files.isRegularFile(folder.blob(ContentHash.hash(kind, file)))) {
                return true;
            }
        }
        return false;
    }

    private static Set<Path> blobs(Path snapshot) throws IOException {
        Set<Path> blobs = new HashSet<>();
        for (Path file : files(snapshot)) {
            blob(file).ifPresent(blobs::add);
        }
        return blobs;
    }

    /** What a name leads to by one step: a blob may itself be a link into a store that models share. */
    private static Optional<Path> blob(Path file) {
        try {
            return Files.isSymbolicLink(file)
                    ? Optional.of(
                            file.resolveSibling(Files.readSymbolicLink(file)).normalize())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static long bytes(List<Path> files) throws IOException {
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
        }
        return bytes;
    }

    /** The files below a folder and the links, wherever these lead. */
    private static List<Path> files(Path folder) throws IOException {
        return Trees.all(folder).stream()
                .filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    private static List<Path> snapshots(RepositoryFolder folder) throws IOException {
        return Trees.children(folder.snapshots()).stream()
                .filter(snapshot -> HubModel.isCommit(name(snapshot)))
                .toList();
    }

    private static void delete(Path folder) throws IOException {
        List<Path> paths = new ArrayList<>(Trees.all(folder));
        Collections.reverse(paths);
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
