package io.embedlake.checkpoint.hub;

import io.embedlake.embed.EmbedlakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Brings the needed files of a model into the cache. Immutable and thread-safe; safe with other processes. */
final class ModelDownload {
    private final Path cache;
    private final BlobDownload.Parts parts;
    private final HubErrors errors;
    private final Pause pause;
    private final SnapshotFiles files;

    ModelDownload(Path cache, BlobDownload.Parts parts, HubErrors errors, Pause pause) {
        this.cache = cache;
        this.parts = parts;
        this.errors = errors;
        this.pause = pause;
        this.files = new SnapshotFiles(parts.disk());
    }

    /**
     * Downloads what is missing, the weights last, and notes the commit when everything is there.
     *
     * @throws EmbedlakeException as {@link Hub#resolve} says
     */
    Snapshot run(HubModel model, RemoteModel remote) {
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
            throw Failures.interrupted(e);
        }
        return new Snapshot(model, remote.commit(), snapshot);
    }

    private List<String> shards(HubModel model, String index, Path snapshot, List<String> names) {
        List<String> shards = NeededFiles.shards(index, HubJson.shards(model, snapshot.resolve(index)));
        for (String shard : shards) {
            FileNames.require(model, shard);
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
        RemoteFile remote = parts.retries().run(() -> parts.client().describe(model, commit, name));
        Path blob = folder.blob(remote.etag());
        Files.createDirectories(blob.getParent());
        try (BlobLock lock = BlobLock.acquire(folder.lock(remote.etag()), pause)) {
            if (!isThere(blob, remote)) {
                new BlobDownload(model, commit, name, remote, folder.partial(remote.etag()), parts).to(blob);
            }
            files.place(blob, place);
        }
    }

    /** Blobs appear whole; one of a wrong length was cut by something else. */
    private static boolean isThere(Path blob, RemoteFile remote) throws IOException {
        return Files.isRegularFile(blob)
                && (remote.bytes().isEmpty()
                        || Files.size(blob) == remote.bytes().getAsLong());
    }
}
