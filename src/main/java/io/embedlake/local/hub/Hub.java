package io.embedlake.local.hub;

import io.embedlake.retry.Sleeper;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * The Hugging Face hub, or a mirror of it, and the cache that this machine's programs share. Thread-safe, and safe with other
 * processes: a file appears in the cache whole or not at all, and one process at a time downloads it.
 */
public final class Hub {
    private final HubSettings settings;
    private final HubListener listener;
    private final HubErrors errors;
    private final HubClient client;
    private final Attempts attempts;
    private final Attempts once;
    private final ModelDownload download;
    private final CacheInventory inventory;

    /** A hub without a listener. */
    public Hub(HubSettings settings) {
        this(settings, HubListener.SILENT);
    }

    /** A hub that reports the progress of downloads. */
    public Hub(HubSettings settings, HubListener listener) {
        this(settings, listener, Disk.REAL, Sleeper.REAL, new Random(), Clock.systemUTC());
    }

    Hub(HubSettings settings, HubListener listener, Disk disk, Sleeper sleeper, RandomGenerator random, Clock clock) {
        this.settings = settings;
        this.listener = listener;
        String name = shown(settings.endpoint());
        this.errors = new HubErrors(name);
        this.client = new HubClient(new HubHttp(settings, clock, errors), errors);
        this.once = Attempts.one(name, listener);
        this.attempts = Attempts.several(name, sleeper, random, listener);
        BlobDownload.Parts parts = new BlobDownload.Parts(client, attempts, disk, listener);
        this.download = new ModelDownload(settings.cache(), parts, errors, sleeper);
        this.inventory = new CacheInventory(settings.cache());
    }

    /**
     * The files of a model, downloaded if need be. A cached commit needs no request; a branch or tag is resolved at the hub, and its last
     * known commit is used when the hub does not answer.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the hub has no such model or revision or does not admit the user,
     *     when the model is unusable, and when it is not cached and the hub may not be asked; {@link ErrorKind#STORAGE} when the cache
     *     cannot be read or written; {@link ErrorKind#TRANSIENT} when the hub cannot be reached
     */
    public Snapshot resolve(HubModel model) {
        Optional<CachedFiles> cached = files(model).filter(CachedFiles::hasWeights);
        if (settings.isOffline()) {
            return cached.orElseThrow(() -> errors.notCached(model, settings.cache()))
                    .snapshot();
        }
        if (model.pinnedCommit().isPresent()
                && cached.filter(CachedFiles::areComplete).isPresent()) {
            return cached.get().snapshot();
        }
        return asked(model, cached.map(CachedFiles::snapshot));
    }

    /**
     * What the cache holds of a model, without asking the hub; empty unless the weights are there.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when the cache cannot be read
     */
    public Optional<Snapshot> cached(HubModel model) {
        return files(model).filter(CachedFiles::hasWeights).map(CachedFiles::snapshot);
    }

    /**
     * The models in the cache, complete or not, including those other programs downloaded.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when the cache cannot be read
     */
    public List<CachedModel> models() {
        try {
            return inventory.models();
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot list the models of the hub: " + settings.cache() + " ("
                            + e.getClass().getSimpleName()
                            + "). Give read access to the folder, or set HF_HUB_CACHE to another one.",
                    e);
        }
    }

    /**
     * Compares the cached files of a model with the hashes that the hub had for them. All of them are read.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the revision is not in the cache, and
     *     {@link ErrorKind#STORAGE} when it cannot be read
     */
    public Verification verify(HubModel model) {
        try {
            return inventory.verify(model, commit("verify", model));
        } catch (IOException e) {
            throw HubErrors.unreadable(model, settings.cache(), e);
        }
    }

    /**
     * Deletes a model from the cache: the commit that a named revision stands for, all of them when none is named. Files that
     * another commit has as well stay.
     *
     * @return what the cache held of the model before
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is not in the cache, and {@link ErrorKind#STORAGE} when
     *     it cannot be deleted
     */
    public CachedModel remove(HubModel model) {
        CachedModel before = models().stream()
                .filter(cached -> cached.id().equals(model.id()))
                .findFirst()
                .orElseThrow(() -> notThere("remove", model));
        try {
            inventory.remove(model, model.revision().map(revision -> commit("remove", model)));
            return before;
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot remove the model " + model + ": " + settings.cache() + " ("
                            + e.getClass().getSimpleName() + "). Delete the files with the rights of their owner.",
                    e);
        }
    }

    private Snapshot asked(HubModel model, Optional<Snapshot> cached) {
        Optional<HubClient.RemoteModel> remote;
        try {
            // With a cached copy to fall back on, do not wait for a hub that is down.
            Attempts patience = cached.isPresent() ? once : attempts;
            remote = patience.run(() -> client.list(model));
        } catch (EmbedlakeException e) {
            Snapshot old = cached.orElseThrow(() -> e);
            listener.usesCached(old, e.getMessage());
            return old;
        } catch (DiskException e) {
            throw HubErrors.unreadable(model, settings.cache(), e);
        }
        return download.run(model, remote.orElseThrow(() -> errors.unknownRevision(model)));
    }

    private Optional<CachedFiles> files(HubModel model) {
        RepositoryFolder folder = new RepositoryFolder(settings.cache(), model.id());
        try {
            Optional<String> commit = folder.commit(model);
            return commit.isEmpty() ? Optional.empty() : Optional.of(new CachedFiles(model, folder, commit.get()));
        } catch (IOException e) {
            throw HubErrors.unreadable(model, folder.root(), e);
        }
    }

    private String commit(String what, HubModel model) {
        return files(model)
                .map(CachedFiles::snapshot)
                .filter(snapshot -> Files.isDirectory(snapshot.folder()))
                .map(Snapshot::commit)
                .orElseThrow(() -> notThere(what, model));
    }

    private EmbedlakeException notThere(String what, HubModel model) {
        Path cache = settings.cache();
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot " + what + " the model: " + model + " (" + cache
                        + " does not hold it). Name one that it holds, or set HF_HUB_CACHE to another folder.");
    }

    private static String shown(URI endpoint) {
        return endpoint.getScheme() + "://" + endpoint.getRawAuthority() + endpoint.getRawPath();
    }
}
