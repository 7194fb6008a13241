package io.embedlake;

import io.embedlake.local.files.CacheFolder;
import io.embedlake.local.files.ModelCache;
import io.embedlake.local.files.ModelFiles;
import io.embedlake.local.files.ModelLocator;
import io.embedlake.local.hub.Hub;
import io.embedlake.local.hub.HubListener;
import io.embedlake.local.hub.HubSettings;
import io.embedlake.local.hub.Snapshot;
import io.embedlake.pipeline.Probe;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** The models on this machine: the embedded one, and models of the Hugging Face hub in the cache shared with Python. Thread-safe. */
public final class Models {
    private static final String PLATFORM = "huggingface";

    private final Hub hub;
    private final ModelCache cache;

    private Models(Hub hub, Path folder) {
        this.hub = hub;
        this.cache = new ModelCache(folder, hub);
    }

    /**
     * The models in the folders, and of the hub, that these variables name, such as {@code HF_HOME} and {@code EMBEDLAKE_CACHE}.
     *
     * @param environment the variables
     * @param listener receives the progress of downloads
     */
    public static Models of(Map<String, String> environment, DownloadListener listener) {
        return new Models(new Hub(HubSettings.of(environment), new Heard(listener)), CacheFolder.of(environment));
    }

    /** Passes on the hub client's progress. */
    private record Heard(DownloadListener listener) implements HubListener {
        @Override
        public void arrived(String file, long bytesDone, OptionalLong bytesTotal) {
            listener.arrived(file, bytesDone, bytesTotal);
        }

        @Override
        public void retries(String reason, Duration pause) {
            listener.retries(reason, pause);
        }

        @Override
        public void usesCached(Snapshot cached, String reason) {
            listener.usesCached(cached.model().toString(), reason);
        }
    }

    /**
     * A file of a model.
     *
     * @param path where it is
     * @param bytes how long it is
     */
    public record ModelFile(Path path, long bytes) {}

    /**
     * A model with its files. Immutable.
     *
     * @param model its name
     * @param files its files in the cache; none when it is not there
     */
    public record CachedModel(String model, List<ModelFile> files) {
        public CachedModel {
            files = List.copyOf(files);
        }

        /** Whether it is in the cache. */
        public boolean isCached() {
            return !files.isEmpty();
        }
    }

    /**
     * A model as a job with default settings uses it. Immutable.
     *
     * @param model its name
     * @param hashes its files, with their SHA-256
     * @param pooling how the vectors of tokens become the vector of a text
     * @param normalize whether vectors are brought to length 1
     * @param maxTokens the most tokens of a text, special ones included; 0 of a model for images
     * @param precision the numbers that it computes with here
     * @param dimension the length of its vectors
     * @param notes what was assumed or chosen, in sentences
     * @param fingerprint identifies everything that changes a vector
     * @param fingerprintOf what that is, in words
     */
    public record ModelInfo(
            String model,
            Map<Path, String> hashes,
            String pooling,
            boolean normalize,
            int maxTokens,
            String precision,
            int dimension,
            List<String> notes,
            String fingerprint,
            String fingerprintOf) {
        public ModelInfo {
            hashes = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(hashes));
            notes = List.copyOf(notes);
        }
    }

    /** The embedded model and the models in the hub's cache. */
    public List<CachedModel> list() {
        return cache.models().stream().map(this::cached).toList();
    }

    private CachedModel cached(String model) {
        return new CachedModel(model, files(cache.files(model)));
    }

    private static List<ModelFile> files(List<ModelCache.CachedFile> files) {
        return files.stream()
                .map(file -> new ModelFile(file.path(), file.bytes()))
                .toList();
    }

    /**
     * Loads a model and describes it as a job would use it.
     *
     * @param model a name of the hub, or a folder
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it cannot be found or used; {@link ErrorKind#STORAGE} and
     *     {@link ErrorKind#TRANSIENT} when it cannot be downloaded
     */
    public ModelInfo info(String model) {
        EmbedderSpec spec = describe(model);
        ModelFiles files = new ModelLocator(cache.folder(), change -> hub)
                .locate(model, UnaryOperator.identity(), config -> spec.inputs());
        return new ModelInfo(
                files.label(),
                files.hashes(),
                spec.setting("pooling"),
                Boolean.parseBoolean(spec.setting("normalize")),
                Integer.parseInt(spec.settings().getOrDefault("max-tokens", "0")),
                spec.setting("precision"),
                dimension(spec),
                spec.notes(),
                spec.fingerprint().hash(),
                spec.fingerprint().canonical());
    }

    /**
     * Downloads a model of the hub into the cache, or unpacks the embedded one; a file that is there and whole is left alone.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is none of this name; {@link ErrorKind#STORAGE} and
     *     {@link ErrorKind#TRANSIENT} when it cannot be downloaded
     */
    public CachedModel pull(String model) {
        cache.pull(model);
        return cached(model);
    }

    /**
     * Compares a cached model's files with their hashes, loads the model and embeds a text.
     *
     * @return the length of its vectors
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a file is missing or differs, or the model cannot be used
     */
    public int verify(String model) {
        if (cache.holds(model)) {
            cache.verify(model);
        }
        return dimension(describe(model));
    }

    /**
     * Deletes a model's cached files.
     *
     * @return the model with the files that were deleted
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the model is none of the cache
     */
    public CachedModel remove(String model) {
        return new CachedModel(model, files(cache.remove(model)));
    }

    private static EmbedderSpec describe(String model) {
        return platform().settle(platform().describe(new EmbedderRequest(Optional.of(model), Map.of())), Device.CPU);
    }

    private static int dimension(EmbedderSpec spec) {
        try (Embedder embedder = platform().load(spec, Device.CPU)) {
            return Probe.first(embedder).length;
        }
    }

    private static Platform platform() {
        return Platforms.named(PLATFORM);
    }
}
