package io.embedlake.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.checkpoint.weights.Checkpoint;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a model's folder says of itself in the files that sentence-transformers and transformers write beside the network's
 * description. Immutable.
 *
 * @param pooling the poolings that the folder names, joined by {@code +}, if it names any
 * @param poolsPrompt whether the tokens of a prompt take part in pooling
 * @param modules the steps behind the pooling, in order
 * @param maxTokens the length limit when the folder names one
 * @param positions how many positions an ONNX network has, special tokens included, when the folder says so
 * @param lowerCase whether texts are brought to lower case before the tokenizer sees them
 * @param prompts what is put in front of texts, by the name of the use
 * @param defaultPrompt the name of the prompt that is used when none is asked for
 */
public record FolderSettings(
        Optional<String> pooling,
        boolean poolsPrompt,
        List<ModuleFolder> modules,
        OptionalInt maxTokens,
        OptionalInt positions,
        boolean lowerCase,
        Map<String, String> prompts,
        Optional<String> defaultPrompt) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TRANSFORMER = "Transformer";
    private static final String POOLING = "Pooling";
    private static final String DROPOUT = "Dropout";

    /** Families whose first positions are taken by the padding index. */
    private static final Set<String> OFFSET_FAMILIES = Set.of("roberta", "xlm-roberta", "camembert", "mpnet");

    private static final int OFFSET = 2;

    /** A limit that no network has means none: tokenizers write 1e30 for it. */
    private static final long LONGEST = 10_000_000;

    /** The flags of older folders, in the order in which their poolings are joined. */
    private static final Map<String, String> POOLING_FLAGS = flags();

    public FolderSettings {
        modules = List.copyOf(modules);
        prompts = Map.copyOf(prompts);
    }

    /** A folder that says nothing but these. */
    static FolderSettings of(String pooling, List<ModuleFolder> modules, int maxTokens) {
        return new FolderSettings(
                Optional.of(pooling),
                true,
                modules,
                OptionalInt.of(maxTokens),
                OptionalInt.empty(),
                false,
                Map.of(),
                Optional.empty());
    }

    /**
     * A step behind the pooling.
     *
     * @param kind which
     * @param settings the folder's {@code config.json}
     * @param weights the file with its weights, if it has some
     */
    public record ModuleFolder(Kind kind, Map<String, String> settings, Optional<Path> weights) {
        /** The kinds of steps that are built. */
        public enum Kind {
            DENSE("Dense"),
            LAYER_NORM("LayerNorm"),
            NORMALIZE("Normalize");

            private final String type;

            Kind(String type) {
                this.type = type;
            }
        }

        public ModuleFolder {
            settings = Map.copyOf(settings);
        }

        /** The step that makes vectors of length 1. */
        public static ModuleFolder normalize() {
            return new ModuleFolder(Kind.NORMALIZE, Map.of(), Optional.empty());
        }
    }

    /**
     * Reads a folder; files that are not there say nothing.
     *
     * @param root the folder with {@code modules.json}
     * @param transformer the folder with the network, which may be the same
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a file is not JSON, or the model has a step that would
     *     be left out
     */
    static FolderSettings read(String label, Path root, Path transformer) {
        JsonNode sentence = json(label, transformer.resolve("sentence_bert_config.json"));
        JsonNode prompts = json(label, root.resolve("config_sentence_transformers.json"));
        JsonNode network = json(label, transformer.resolve("config.json"));
        JsonNode tokenizer = json(label, transformer.resolve("tokenizer_config.json"));
        JsonNode pooling = JSON.createObjectNode();
        List<ModuleFolder> modules = new ArrayList<>();
        for (JsonNode module : json(label, root.resolve("modules.json"))) {
            String type = simple(module);
            Path folder = inside(label, root, module.path("path").asText());
            if (type.equals(POOLING)) {
                pooling = json(label, folder.resolve("config.json"));
            } else if (!type.equals(TRANSFORMER) && !type.equals(DROPOUT)) {
                modules.add(module(label, root.resolve("modules.json"), module, folder));
            }
        }
        if (pooling.isEmpty()) {
            pooling = json(label, root.resolve("1_Pooling").resolve("config.json"));
        }
        OptionalInt own = length(sentence.path("max_seq_length"));
        return new FolderSettings(
                pooling(pooling),
                pooling.path("include_prompt").asBoolean(true),
                modules,
                own.isPresent() ? own : length(tokenizer.path("model_max_length")),
                positions(network),
                sentence.path("do_lower_case").asBoolean(false),
                texts(prompts.path("prompts")),
                Optional.of(prompts.path("default_prompt_name").asText(""))
                        .filter(name -> !name.isEmpty() && !name.equals("null")));
    }

    /** The folder with the network of a model: the one that {@code modules.json} names, else the model's own. */
    static Path transformer(String label, Path root) {
        for (JsonNode module : json(label, root.resolve("modules.json"))) {
            if (simple(module).equals(TRANSFORMER)) {
                return inside(label, root, module.path("path").asText());
            }
        }
        return root;
    }

    private static String simple(JsonNode module) {
        String type = module.path("type").asText();
        return type.substring(type.lastIndexOf('.') + 1);
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

    private static ModuleFolder module(String label, Path file, JsonNode module, Path folder) {
        for (ModuleFolder.Kind kind : ModuleFolder.Kind.values()) {
            if (kind.type.equals(simple(module))) {
                return new ModuleFolder(
                        kind, texts(json(label, folder.resolve("config.json"))), Checkpoint.find(folder));
            }
        }
        throw new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot use the model " + label + ": " + file + " (it asks for "
                        + module.path("type").asText()
                        + ", and only Transformer, Pooling, Dense, LayerNorm, Normalize and Dropout are supported)."
                        + " Change the key model.");
    }

    private static Optional<String> pooling(JsonNode config) {
        List<String> modes = new ArrayList<>();
        POOLING_FLAGS.forEach((flag, mode) -> {
            if (config.path(flag).asBoolean()) {
                modes.add(mode);
            }
        });
        config.fieldNames().forEachRemaining(name -> {
            if (name.startsWith("pooling_mode_")
                    && !POOLING_FLAGS.containsKey(name)
                    && config.path(name).asBoolean()) {
                modes.add(name.substring("pooling_mode_".length()));
            }
        });
        JsonNode mode = config.path("pooling_mode");
        if (mode.isTextual()) {
            modes.add(mode.asText());
        }
        mode.elements().forEachRemaining(element -> modes.add(element.asText()));
        return modes.isEmpty() ? Optional.empty() : Optional.of(String.join("+", modes));
    }

    private static Map<String, String> flags() {
        Map<String, String> flags = new java.util.LinkedHashMap<>();
        flags.put("pooling_mode_cls_token", "cls");
        flags.put("pooling_mode_max_tokens", "max");
        flags.put("pooling_mode_mean_tokens", "mean");
        flags.put("pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len");
        flags.put("pooling_mode_weightedmean_tokens", "weightedmean");
        flags.put("pooling_mode_lasttoken", "lasttoken");
        return flags;
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new TreeMap<>();
        object.properties().forEach(field -> {
            if (field.getValue().isValueNode() && !field.getValue().isNull()) {
                texts.put(field.getKey(), field.getValue().asText());
            }
        });
        return texts;
    }

    private static OptionalInt positions(JsonNode network) {
        boolean hasOffset = OFFSET_FAMILIES.contains(network.path("model_type").asText());
        int positions = network.path("max_position_embeddings").asInt(0) - (hasOffset ? OFFSET : 0);
        return positions > 0 ? OptionalInt.of(positions) : OptionalInt.empty();
    }

    private static OptionalInt length(JsonNode value) {
        double length = value.asDouble(0);
        return length >= 1 && length < LONGEST ? OptionalInt.of((int) length) : OptionalInt.empty();
    }

    private static JsonNode json(String label, Path file) {
        if (!Files.isRegularFile(file)) {
            return JSON.createObjectNode();
        }
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read the model " + label + ": " + file
                            + " (it is not JSON). Replace the file or change the key" + " model.",
                    e);
        }
    }
}
