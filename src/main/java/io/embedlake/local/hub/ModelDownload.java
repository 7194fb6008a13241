package io.embedlake.local.hub;

import io.embedlake.retry.Sleeper;
import io.embedlake.spi.EmbedlakeException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;

/** Brings the needed files of a model into the cache. Immutable and thread-safe; safe with other processes. */
final class ModelDownload {
    private final Path cache;
    private final BlobDownload.Parts parts;
    private final HubErrors errors;
    private final Sleeper sleeper;

    ModelDownload(Path cache, BlobDownload.Parts parts, HubErrors errors, Sleeper sleeper) {
        this.cache = cache;
        this.parts = parts;
        this.errors = errors;
        this.sleeper = sleeper;
    }

    /**
     * Downloads what is missing, the weights last, and notes the commit when everything is there.
     *
     * @throws EmbedlakeException as {@link Hub#resolve} says
     */
    Snapshot run(HubModel model, HubClient.RemoteModel remote) {
        String weights = NeededFiles.weights(remote.names()).orElseThrow(() -> errors.noWeights(model));
        RepositoryFolder folder = new RepositoryFolder(cache, model.id());
        Path snapshot = folder.snapshot(remote.commit());
        try {
            for (String name : NeededFiles.of(remote.names())) {
                place(model, remote.commit(), folder, name);
            }
            if (NeededFiles.isIndex(weights)) {
                for (String shard : shards(model, weights, snapshot, remote.names())) {
                    place(model, remote.commit(), folder, shard);
                }
            }
            folder.note(model, remote.commit());
        } catch (DiskException e) {
            throw HubErrors.unwritable(model, cache, e);
        } catch (IOException e) {
            throw HubErrors.unwritable(model, cache, new DiskException(e));
        } catch (InterruptedException e) {
            throw HubErrors.interrupted(e);
        }
        return new Snapshot(model, remote.commit(), snapshot);
    }

    private List<String> shards(HubModel model, String index, Path snapshot, List<String> names) {
        List<String> shards = NeededFiles.shards(index, HubJson.shards(model, snapshot.resolve(index)));
        for (String shard : shards) {
            NeededFiles.requireSafe(model, shard);
            if (!names.contains(shard)) {
                throw errors.missingFile(model, shard);
            }
        }
        return shards;
    }

    private void place(HubModel model, String commit, RepositoryFolder folder, String name)
            throws IOException, InterruptedException {
        Path place = folder.snapshot(commit).resolve(name);
        if (Files.isRegularFile(place)) {
            return;
        }
        HubClient.RemoteFile remote = parts.attempts().run(() -> parts.client().describe(model, commit, name));
        Path blob = folder.blob(remote.etag());
        Files.createDirectories(blob.getParent());
        try (BlobLock lock = BlobLock.acquire(folder.lock(remote.etag()), sleeper)) {
            if (!isThere(blob, remote)) {
                new BlobDownload(model, commit, name, remote, folder.partial(remote.etag()), parts).to(blob);
            }
            link(blob, place);
        }
    }

    /** Blobs appear whole; one of a wrong length was cut by something else. */
    private static boolean isThere(Path blob, HubClient.RemoteFile remote) throws IOException {
        return Files.isRegularFile(blob)
                && (remote.bytes().isEmpty()
                        || Files.size(blob) == remote.bytes().getAsLong());
    }

    /** Makes the name lead to the blob, if it leads nowhere yet: by a relative link, or by a copy where links cannot be. */
    private void link(Path blob, Path name) throws IOException {
        if (Files.isRegularFile(name)) {
            return;
        }
        Files.createDirectories(name.getParent());
        // What is there leads nowhere: a link whose blob was removed.
        Files.deleteIfExists(name);
        try {
            parts.disk().link(name, name.getParent().relativize(blob));
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
            Trees.publish(draft, name);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
