package io.embedlake.local.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.local.weights.Checkpoint;
import io.embedlake.local.weights.GitLfs;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a model's folder says of itself in the files that sentence-transformers and transformers write beside the network's
 * description. Immutable.
 *
 * @param pooling the poolings that the folder names, joined by {@code +}, if it names any
 * @param poolsPrompt whether the tokens of a prompt take part in pooling
 * @param modules the steps behind the pooling, in order
 * @param maxTokens the length limit when the folder names one for the transformer, whatever the tokenizer's is
 * @param positions how many positions an ONNX network has, special tokens included, when the folder says so
 * @param lowerCase whether texts are brought to lower case before the tokenizer sees them
 * @param prompts what is put in front of texts, by the name of the use
 * @param defaultPrompt the name of the prompt that is used when none is asked for
 * @param tokenizer what it says of its tokenizer
 */
public record FolderSettings(
        Optional<String> pooling,
        boolean poolsPrompt,
        List<ModuleFolder> modules,
        OptionalInt maxTokens,
        OptionalInt positions,
        boolean lowerCase,
        Map<String, String> prompts,
        Optional<String> defaultPrompt,
        TokenizerFolder tokenizer) {
    private static final String CONFIG = "config.json";
    private static final String INPUT_NAME = "module_input_name";
    private static final String OUTPUT_NAME = "module_output_name";
    private static final String SENTENCE = "sentence_embedding";
    private static final String POOLING_FLAG = "pooling_mode_";
    private static final Set<String> POOLING_KEYS =
            Set.of("word_embedding_dimension", "embedding_dimension", "pooling_mode", "include_prompt");
    private static final Set<String> DENSE_KEYS = Set.of(
            "in_features", "out_features", "bias", "activation_function", INPUT_NAME, OUTPUT_NAME, "use_residual");

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

    /** A folder with these settings alone. */
    static FolderSettings of(String pooling, List<ModuleFolder> modules, int maxTokens) {
        return new FolderSettings(
                Optional.of(pooling),
                true,
                modules,
                OptionalInt.of(maxTokens),
                OptionalInt.empty(),
                false,
                Map.of(),
                Optional.empty(),
                TokenizerFolder.NOTHING);
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
            DENSE,
            LAYER_NORM,
            NORMALIZE,
            /** The first values alone, as many as {@link #WIDTH} says. */
            TRUNCATE
        }

        /** The setting of {@link Kind#TRUNCATE}. */
        public static final String WIDTH = "width";

        public ModuleFolder {
            settings = Map.copyOf(settings);
        }

        /** The step that makes vectors of length 1. */
        public static ModuleFolder normalize() {
            return new ModuleFolder(Kind.NORMALIZE, Map.of(), Optional.empty());
        }
    }

    /**
     * Reads a folder; missing files are skipped.
     *
     * @param root the folder with {@code modules.json}
     * @param tokenizer the folder with the tokenizer
     * @param input what is embedded with the model
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a file is malformed, or asks for something unsupported
     */
    static FolderSettings read(String label, Path root, Path tokenizer, InputKind input) {
        ModuleList modules = ModuleList.read(label, root);
        Path transformer = modules.transformer().map(ModuleList.Entry::folder).orElse(root);
        boolean isClip = modules.transformer()
                .map(module -> module.type() == ModuleList.Type.CLIP)
                .orElse(false);
        TransformerSettings sentence = TransformerSettings.read(label, transformer, isClip, input);
        ModelJson network = ModelJson.read(label, transformer.resolve("config.json"));
        ModelJson whole = ModelJson.read(label, root.resolve("config_sentence_transformers.json"));
        whole.requireOneOf("model_type", "SentenceTransformer");
        if (whole.json().has("model_type") && whole.path("model_type").isNull()) {
            throw whole.refuse("model_type is null");
        }
        Optional<ModelJson> pooling = modules.pooling()
                .map(module -> ModelJson.require(label, module.folder().resolve(CONFIG)));
        if (modules.transformer().isPresent()
                && pooling.isEmpty() == sentence.output().pooling().isEmpty()) {
            throw ModelJson.refuse(
                    label,
                    root.resolve("modules.json"),
                    pooling.isEmpty()
                            ? "its transformer gives vectors of tokens, and no pooling follows"
                            : "its transformer gives one vector of " + input.inWords() + ", and a pooling follows");
        }
        return new FolderSettings(
                pooling.map(FolderSettings::pooling).or(() -> sentence.output().pooling()),
                pooling.map(config -> config.flag("include_prompt", true)).orElse(true),
                Stream.concat(
                                modules.steps().stream().flatMap(step -> module(label, step).stream()),
                                truncation(whole).stream())
                        .toList(),
                sentence.maxTokens(),
                positions(network.json()),
                sentence.lowerCase(),
                texts(whole.path("prompts")),
                Optional.of(whole.path("default_prompt_name").asText(""))
                        .filter(name -> !name.isEmpty() && !name.equals("null")),
                input == InputKind.TEXT
                        ? TokenizerFolder.read(label, tokenizer, sentence.tokenizer(), network)
                        : TokenizerFolder.NOTHING);
    }

    /** The folder with the network of a model: the one that {@code modules.json} names, else the model's own. */
    static Path transformer(String label, Path root) {
        return ModuleList.read(label, root)
                .transformer()
                .map(ModuleList.Entry::folder)
                .orElse(root);
    }

    /** Refuses an adapter, without which the network would be another one. */
    static void requireNoAdapter(String label, Path transformer) {
        Path adapter = transformer.resolve("adapter_config.json");
        ModelJson.parse(label, adapter).ifPresent(config -> {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the model " + label + ": " + adapter + " (it asks for the "
                            + config.path("peft_type").asText("unknown")
                            + " adapter beside it, and adapters are not applied). Merge the adapter into the model with"
                            + " peft's merge_and_unload and save that, or change the key model.");
        });
    }

    private static Optional<ModuleFolder> module(String label, ModuleList.Entry entry) {
        Path file = entry.folder().resolve(CONFIG);
        switch (entry.type()) {
            case DENSE -> {
                ModelJson config = ModelJson.require(label, file);
                config.requireOnly(DENSE_KEYS);
                requireSentence(config);
                config.flag("use_residual", false);
                config.flag("bias", true);
                if (config.json().has("activation_function")
                        && !config.path("activation_function").asText().startsWith("torch.nn.")) {
                    throw config.refuse("activation_function is " + config.path("activation_function")
                            + ", and only classes of torch.nn are supported");
                }
                return Optional.of(weighted(label, ModuleFolder.Kind.DENSE, config));
            }
            case LAYER_NORM -> {
                ModelJson config = ModelJson.require(label, file);
                config.requireOnly(Set.of("dimension"));
                return Optional.of(weighted(label, ModuleFolder.Kind.LAYER_NORM, config));
            }
            case NORMALIZE -> {
                ModelJson config = ModelJson.read(label, file);
                config.requireOnly(Set.of(INPUT_NAME, OUTPUT_NAME));
                requireSentence(config);
                return Optional.of(ModuleFolder.normalize());
            }
            default -> {
                return Optional.empty();
            }
        }
    }

    /** Models that were trained to be cut (Matryoshka) may be saved with the width to cut to, after all other steps. */
    private static Optional<ModuleFolder> truncation(ModelJson whole) {
        JsonNode width = whole.path("truncate_dim");
        if (width.isMissingNode() || width.isNull()) {
            return Optional.empty();
        }
        if (!width.isIntegralNumber() || width.asLong() < 1) {
            throw whole.refuse("truncate_dim is " + width + ", not a whole number from 1");
        }
        return Optional.of(new ModuleFolder(
                ModuleFolder.Kind.TRUNCATE, Map.of(ModuleFolder.WIDTH, width.asText()), Optional.empty()));
    }

    /** Steps on vectors of tokens are not built. */
    private static void requireSentence(ModelJson config) {
        config.requireOneOf(INPUT_NAME, SENTENCE);
        config.requireOneOf(OUTPUT_NAME, SENTENCE);
    }

    private static ModuleFolder weighted(String label, ModuleFolder.Kind kind, ModelJson config) {
        Path folder = config.file().getParent();
        Path weights = Checkpoint.find(folder)
                .orElseThrow(() -> ModelJson.refuse(
                        label, folder, "it has no model.safetensors and no pytorch_model.bin; the copy is incomplete"));
        GitLfs.requireContent(weights);
        return new ModuleFolder(kind, texts(config.json()), Optional.of(weights));
    }

    /** The poolings of a config; the flags of older ones count only when there is no {@code pooling_mode}. */
    private static String pooling(ModelJson config) {
        config.requireOnly(Stream.concat(
                        POOLING_KEYS.stream(),
                        Stream.of(config.json())
                                .flatMap(json -> json.properties().stream())
                                .map(Map.Entry::getKey)
                                .filter(name -> name.startsWith(POOLING_FLAG)))
                .toList());
        List<String> modes = new ArrayList<>();
        JsonNode mode = config.path("pooling_mode");
        if (mode.isMissingNode()) {
            POOLING_FLAGS.forEach((flag, name) -> {
                if (config.path(flag).asBoolean()) {
                    modes.add(name);
                }
            });
            config.json().properties().forEach(field -> {
                String name = field.getKey();
                if (name.startsWith(POOLING_FLAG)
                        && !POOLING_FLAGS.containsKey(name)
                        && field.getValue().asBoolean()) {
                    modes.add(name.substring(POOLING_FLAG.length()));
                }
            });
            return modes.isEmpty() ? "mean" : String.join("+", modes);
        }
        if (mode.isTextual()) {
            modes.add(mode.asText());
        }
        mode.elements().forEachRemaining(element -> modes.add(element.asText()));
        if (modes.isEmpty()) {
            throw config.refuse("pooling_mode is " + mode + ", and it names no pooling");
        }
        return modes.stream()
                .map(name -> name.equals("mean_sqrt_len_tokens") ? "mean_sqrt_len" : name)
                .collect(Collectors.joining("+"));
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

    static OptionalInt length(JsonNode value) {
        double length = value.asDouble(0);
        return length >= 1 && length < LONGEST ? OptionalInt.of((int) length) : OptionalInt.empty();
    }
}
