package io.embedlake.local.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The steps of a model in the order of its {@code modules.json}: a transformer, then a pooling where it gives vectors of tokens, then
 * steps on the text's vector. Immutable.
 *
 * @param entries none when the folder has no such file
 */
record ModuleList(List<Entry> entries) {
    private static final String FILE = "modules.json";
    private static final String PACKAGE = "sentence_transformers.";
    private static final String MODULE_FOLDER = "[0-9]{1,4}_[A-Z][A-Za-z]*";

    /** The classes of sentence-transformers that are built. */
    enum Type {
        TRANSFORMER("Transformer"),
        CLIP("CLIPModel"),
        POOLING("Pooling"),
        DENSE("Dense"),
        LAYER_NORM("LayerNorm"),
        NORMALIZE("Normalize"),
        DROPOUT("Dropout");

        private final String className;

        Type(String className) {
            this.className = className;
        }

        boolean isTransformer() {
            return this == TRANSFORMER || this == CLIP;
        }
    }

    /**
     * A step.
     *
     * @param type its class
     * @param folder where its files are
     */
    record Entry(Type type, Path folder) {}

    ModuleList {
        entries = List.copyOf(entries);
    }

    /**
     * Reads the file.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it names a class that is not built, or an order that
     *     sentence-transformers could not run, or is missing beside modules
     */
    static ModuleList read(String label, Path root) {
        Path file = root.resolve(FILE);
        Optional<JsonNode> json = ModelJson.parse(label, file);
        if (json.isEmpty()) {
            requireNoModules(label, root);
            return new ModuleList(List.of());
        }
        if (!json.get().isArray() || json.get().isEmpty()) {
            throw ModelJson.refuse(label, file, "it is not a list of modules");
        }
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode module : json.get()) {
            if (module.has("name") && !names.add(module.path("name").asText())) {
                throw ModelJson.refuse(label, file, "it has two modules of the name " + module.path("name"));
            }
            entries.add(new Entry(
                    type(label, file, module.path("type").asText()),
                    inside(label, root, module.path("path").asText())));
        }
        for (int i = 0; i < entries.size(); i++) {
            Type type = entries.get(i).type();
            if (type.isTransformer() != (i == 0) || (type == Type.POOLING && i != 1)) {
                throw ModelJson.refuse(
                        label,
                        file,
                        "module " + (i + 1) + " is a " + type.className
                                + ", and supported are a transformer, at most one pooling, other steps, in this order");
            }
        }
        return new ModuleList(entries);
    }

    /** The transformer, when a file names one. */
    Optional<Entry> transformer() {
        return entries.stream().findFirst();
    }

    /** The pooling, when a file names one. */
    Optional<Entry> pooling() {
        return entries.stream().filter(entry -> entry.type() == Type.POOLING).findFirst();
    }

    /** The steps on the text's vector. */
    List<Entry> steps() {
        return entries.stream()
                .filter(entry -> !entry.type().isTransformer() && entry.type() != Type.POOLING)
                .toList();
    }

    private static Type type(String label, Path file, String name) {
        String simple = name.substring(name.lastIndexOf('.') + 1);
        return Arrays.stream(Type.values())
                .filter(type -> name.startsWith(PACKAGE) && type.className.equals(simple))
                .findFirst()
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot use the model " + label + ": " + file + " (it asks for " + name
                                + ", and only sentence-transformers' Transformer, CLIPModel, Pooling, Dense, LayerNorm,"
                                + " Normalize and Dropout are supported). Change the key model."));
    }

    private static Path inside(String label, Path root, String path) {
        Path folder = root.resolve(path).normalize();
        if (!folder.startsWith(root.normalize())) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the model " + label + ": its modules.json names the folder " + path
                            + " (a model's modules lie inside of its own folder). Change the key model.");
        }
        return folder;
    }

    private static void requireNoModules(String label, Path root) {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (Stream<Path> files = Files.list(root)) {
            files.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .filter(name -> name.matches(MODULE_FOLDER))
                    .sorted()
                    .findFirst()
                    .ifPresent(module -> {
                        throw ModelJson.refuse(
                                label,
                                root.resolve(FILE),
                                "it is not there, and the folder " + module + " is; the copy is incomplete");
                    });
        } catch (IOException e) {
            throw ModelJson.refuse(label, root, "it cannot be listed");
        }
    }
}
