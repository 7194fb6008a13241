package io.embedlake.local;

import io.embedlake.local.family.Families;
import io.embedlake.local.family.LayeredNetwork;
import io.embedlake.local.family.TextNetwork;
import io.embedlake.local.files.FolderSettings.ModuleFolder;
import io.embedlake.local.files.ModelFiles;
import io.embedlake.local.head.LayerChoice;
import io.embedlake.local.head.Pooling;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Precision;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Decides how a model makes vectors: by the job, else by the model's folder, else by an assumption that is reported. The result is a set of
 * named settings which together decide every vector. Confined to one thread.
 */
final class VectorSettings {
    static final String GRANULARITY = "granularity";
    static final String MERGE_WORDS = "merge-words";
    static final String POOLING = "pooling";
    static final String NORMALIZE = "normalize";
    static final String MAX_TOKENS = "max-tokens";
    static final String PROMPT = "prompt";
    static final String PROMPT_NAME = "prompt-name";
    static final String QUERY_PROMPT = "query-prompt";
    static final String QUERY_PROMPT_NAME = "query-prompt-name";
    static final String LAYERS = "layers";
    static final String PRECISION = "precision";
    static final String AUTO = "auto";
    static final String WEIGHTS = "weights-sha256";
    static final String TOKENIZER = "tokenizer-sha256";
    static final String TOKENIZER_SETTINGS = "tokenizer-settings-sha256";
    static final String TRUNCATION_SIDE = "truncation-side";
    static final String CONFIG = "config-sha256";
    static final String MODULES = "modules-sha256";
    static final String PROMPT_POOLED = "prompt-pooled";
    static final String LOWER_CASE = "lower-case";

    private static final int DEFAULT_MAX_TOKENS = 256;

    private final EmbedderRequest request;
    private final ModelFiles files;
    private final boolean ofTokens;
    private final Map<String, String> settings = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();

    VectorSettings(EmbedderRequest request, ModelFiles files) {
        this.request = request;
        this.files = files;
        this.ofTokens = isToken(request.option(GRANULARITY));
        settings.put(WEIGHTS, files.weightsHash());
        settings.put(PRECISION, precision());
        if (ofTokens) {
            tokens();
        } else {
            pooling();
            normalize();
        }
        boolean ofImages = files.input() == InputKind.IMAGE;
        if (ofImages) {
            settings.putAll(ImageSettings.of(request, files));
            notes.addAll(ImageSettings.notes(files));
        } else {
            texts();
        }
        if (files.form() == ModelFiles.Form.CHECKPOINT) {
            settings.put(CONFIG, hash(files.config().orElseThrow()));
            body(files);
            layers();
            if (!ofTokens) {
                modules();
            }
        } else {
            refuseOptionsOfNetworks();
        }
        if (!ofImages) {
            lengths();
        }
    }

    private void texts() {
        settings.put(TOKENIZER, files.tokenizerHash());
        TokenizerFacts.of(files).changes().ifPresent(changes -> settings.put(TOKENIZER_SETTINGS, changes));
        prompt();
        if (files.settings().lowerCase()) {
            settings.put(LOWER_CASE, "true");
        }
        request.option(LongText.RULE)
                .filter(rule -> !rule.equals(LongText.Rule.TRUNCATE.toString()))
                .ifPresent(rule -> settings.put(LongText.RULE, rule));
    }

    private void lengths() {
        settings.put(
                MAX_TOKENS,
                String.valueOf(
                        files.form() == ModelFiles.Form.CHECKPOINT
                                ? maxTokens(network(files))
                                : maxTokens(files.settings().positions())));
        sides(TokenizerFacts.of(files));
        longText();
    }

    /** The tokenizer of a model, as its file and the settings beside it describe it. */
    static TokenizerFile tokenizer(ModelFiles files) {
        return TokenizerFile.of(
                files.label(),
                files.tokenizer(),
                files.settings().tokenizer(),
                files.settings().lowerCase());
    }

    /** The hash of what a tokenizer's settings change of its file, if they change something. */
    static Optional<String> changes(TokenizerFile tokenizer) {
        return Optional.of(tokenizer.changes())
                .filter(changes -> !changes.isEmpty())
                .map(changes -> hash(changes.toString()));
    }

    /** The sides of truncation and padding. */
    private void sides(TokenizerFacts tokenizer) {
        if (tokenizer.truncatesLeft()) {
            if (ofTokens) {
                throw refuse(
                        "its tokenizer keeps the end of long texts (truncation_side is left) and granularity is token",
                        "Set granularity to attribute");
            }
            settings.put(TRUNCATION_SIDE, "left");
        }
        boolean isCounted = files.form() == ModelFiles.Form.ONNX
                || network(files).countsPadding()
                || settings.getOrDefault(POOLING, "").contains(Pooling.WEIGHTEDMEAN.toString());
        if (tokenizer.padsLeft() && isCounted) {
            throw refuse(
                    "its tokenizer fills texts up on the left (padding_side is left), so that positions, and vectors, would"
                            + " depend on the other texts of a batch",
                    "Set padding_side to right in tokenizer_config.json");
        }
    }

    /** The overlap of chunks is spelled out, so that a changed default changes no fingerprint. */
    private void longText() {
        request.option(LongText.OVERLAP).ifPresent(overlap -> settings.put(LongText.OVERLAP, overlap));
        LongText longText = LongText.of(files.label(), settings, Integer.parseInt(settings.get(MAX_TOKENS)));
        if (longText.rule().splits()) {
            if (ofTokens) {
                throw refuse(
                        "long-text is " + longText.rule()
                                + " and granularity is token (the tokens of a chunk lack the others'" + " context)",
                        "Set long-text to truncate or error, or granularity to attribute");
            }
            settings.put(LongText.OVERLAP, String.valueOf(longText.overlap()));
            notes.add("A text of more than " + settings.get(MAX_TOKENS)
                    + " tokens is read in chunks of that length, which share "
                    + longText.overlap()
                    + (longText.rule() == LongText.Rule.SPLIT_ROWS
                            ? "; each has a row of its own."
                            : "; its vector is the mean of theirs."));
        } else {
            settings.remove(LongText.OVERLAP);
        }
    }

    /** The network that a checkpoint's config describes. */
    static LayeredNetwork body(ModelFiles files) {
        return files.input() == InputKind.IMAGE ? ImageSettings.network(files) : network(files);
    }

    /** The network for texts that a checkpoint's config describes. */
    static TextNetwork network(ModelFiles files) {
        return Families.ofTexts(NetworkConfig.of(files.place(), files.config().orElseThrow()));
    }

    /** The settings, each of which changes vectors. */
    Map<String, String> settings() {
        return settings;
    }

    /** What was assumed, in sentences. */
    List<String> notes() {
        return notes;
    }

    private static boolean isToken(Optional<String> granularity) {
        return granularity.equals(Optional.of(Granularity.TOKEN.toString()));
    }

    /** What gets its own vector by these settings. */
    static Granularity granularity(Map<String, String> settings) {
        if (isToken(Optional.ofNullable(settings.get(GRANULARITY)))) {
            return Granularity.TOKEN;
        }
        return LongText.Rule.SPLIT_ROWS.toString().equals(settings.get(LongText.RULE))
                ? Granularity.PIECE
                : Granularity.ATTRIBUTE;
    }

    /** Raw hidden states: a model's pooling and the modules after it apply to whole texts. */
    private void tokens() {
        if (request.option(POOLING).isPresent()) {
            throw refuse(
                    "pooling is " + request.option(POOLING).get()
                            + " and granularity is token (pooling makes one vector of" + " all tokens)",
                    "Remove one of the two keys");
        }
        settings.put(GRANULARITY, Granularity.TOKEN.toString());
        boolean ofWords = Boolean.parseBoolean(request.option(MERGE_WORDS).orElse("false"));
        if (files.input() == InputKind.TEXT) {
            settings.put(MERGE_WORDS, String.valueOf(ofWords));
        }
        notes.add(
                files.input() == InputKind.IMAGE
                        ? "Every patch has a vector of its own: its hidden state."
                        : ofWords
                                ? "Every word has a vector of its own: the mean of its tokens' hidden states."
                                : "Every token has a vector of its own: its hidden state.");
        settings.put(NORMALIZE, request.option(NORMALIZE).orElse("false"));
    }

    private String precision() {
        String asked = request.option(PRECISION).orElse(AUTO);
        if (!asked.equals(AUTO) && Precision.named(asked).isEmpty()) {
            throw refuse("the precision " + asked + " (one of auto, fp32, bf16, fp16)", "Correct the key precision");
        }
        return asked;
    }

    private void pooling() {
        String asked = request.option(POOLING)
                .or(() -> files.settings().pooling())
                .orElseGet(() -> {
                    Pooling usual = usualPooling();
                    notes.add("The model does not say how it is pooled: "
                            + (usual == Pooling.MEAN ? "the mean of the last layer" : usual.toString())
                            + " is assumed" + (files.input() == InputKind.IMAGE ? reason(usual) : "") + ".");
                    return usual.toString();
                });
        List<Pooling> poolings = Pooling.named(files.label(), asked);
        poolings.forEach(this::requireSuited);
        settings.put(POOLING, Pooling.text(poolings));
    }

    private void requireSuited(Pooling pooling) {
        if (!pooling.suits(files.input())) {
            throw refuse(
                    "the pooling " + pooling + " is not for " + files.input() + "s",
                    "Set the key pooling to one of "
                            + Arrays.stream(Pooling.values())
                                    .filter(other -> other.suits(files.input()))
                                    .map(Pooling::toString)
                                    .collect(Collectors.joining(", ")));
        }
        boolean lacksToken = pooling == Pooling.CLS
                && files.input() == InputKind.IMAGE
                && files.form() == ModelFiles.Form.CHECKPOINT
                && ImageSettings.network(files).before() == 0;
        if (lacksToken) {
            throw refuse(
                    "the pooling cls needs a class token, and its network has none", "Set the key pooling to mean");
        }
    }

    /** Why a pooling of images is assumed. */
    private static String reason(Pooling usual) {
        return switch (usual) {
            case MEAN -> ", over all positions; patch-mean leaves the tokens before the patches out";
            case CLS -> ", the class token of the last layer, which its makers take for whole images";
            case PROJECTION -> ", which its makers compare with the vectors of texts";
            default -> ", the vector that its network was trained with";
        };
    }

    /** What its makers take, or sentence-transformers makes of a model without {@code modules.json}. */
    private Pooling usualPooling() {
        if (files.form() == ModelFiles.Form.CHECKPOINT) {
            return Pooling.of(body(files).usual());
        }
        return files.input() == InputKind.IMAGE ? OnnxImages.usualPooling(files) : Pooling.MEAN;
    }

    private void normalize() {
        boolean folder =
                files.settings().modules().stream().anyMatch(module -> module.kind() == ModuleFolder.Kind.NORMALIZE);
        if (request.option(NORMALIZE).isEmpty() && files.settings().pooling().isEmpty()) {
            notes.add("The model does not say whether its vectors have length 1: they are left as they are.");
        }
        settings.put(NORMALIZE, request.option(NORMALIZE).orElse(String.valueOf(folder)));
    }

    private void prompt() {
        Map<String, String> prompts = files.settings().prompts();
        Optional<String> name =
                request.option(PROMPT_NAME).or(() -> files.settings().defaultPrompt());
        if (request.option(PROMPT).isPresent() && request.option(PROMPT_NAME).isPresent()) {
            throw refuse("two prompts are asked for (prompt and prompt-name)", "Keep one of the two keys");
        }
        if (request.option(PROMPT).isEmpty() && name.isPresent() && !prompts.containsKey(name.get())) {
            throw refuse(
                    "it has no prompt " + name.get() + " (it has "
                            + prompts.keySet().stream().sorted().toList() + ")",
                    "Correct the key prompt-name, or write the prompt itself into the key prompt");
        }
        String prompt = request.option(PROMPT).or(() -> name.map(prompts::get)).orElse("");
        if (!prompt.isEmpty()) {
            settings.put(PROMPT, prompt);
            if (!files.settings().poolsPrompt()) {
                settings.put(PROMPT_POOLED, "false");
            }
        }
    }

    private void layers() {
        String layers = LayerChoice.parse(request.option(LAYERS).orElse("last")).toString();
        if (!layers.equals(LayerChoice.LAST.toString())) {
            settings.put(LAYERS, layers);
        }
    }

    /** The modules after the pooling; normalising at the end is a separate setting. */
    private void modules() {
        List<ModuleFolder> modules = new ArrayList<>(files.settings().modules());
        while (!modules.isEmpty() && modules.get(modules.size() - 1).kind() == ModuleFolder.Kind.NORMALIZE) {
            modules.remove(modules.size() - 1);
        }
        String steps = modules.stream().map(this::step).collect(Collectors.joining("\n"));
        if (!steps.isEmpty()) {
            settings.put(MODULES, hash(steps));
        }
    }

    private String step(ModuleFolder module) {
        return module.weights()
                .map(file -> module.kind() + " " + new TreeMap<>(module.settings()) + " " + files.hash(file))
                .orElseGet(() -> module.kind() + module.settings().getOrDefault(ModuleFolder.WIDTH, ""));
    }

    private void refuseOptionsOfNetworks() {
        if (files.input() == InputKind.IMAGE) {
            if (ofTokens) {
                throw refuse(
                        "granularity is token, and an ONNX network's patches are not known",
                        "Set granularity to attribute, or add model.safetensors and config.json");
            }
            notes.addAll(OnnxImages.inspect(
                    files,
                    Pooling.named(files.label(), settings.get(POOLING)),
                    ImageSettings.processor(files).size()));
        }
        files.settings().modules().stream()
                .filter(module -> !ofTokens && module.kind() != ModuleFolder.Kind.NORMALIZE)
                .findFirst()
                .ifPresent(module -> {
                    throw refuse(
                            "it has a step " + module.kind()
                                    + " behind the pooling, and no weights but an ONNX network",
                            "Add model.safetensors and config.json, or change the key model");
                });
        if (LongText.of(files.label(), settings, DEFAULT_MAX_TOKENS).rule().splits()) {
            throw refuse(
                    "long-text is " + settings.get(LongText.RULE) + ", and an ONNX network's texts are not split",
                    "Set long-text to truncate or error, or add model.safetensors and config.json");
        }
        for (String option : List.of(LAYERS, PRECISION)) {
            String plain = option.equals(LAYERS) ? "last" : "fp32";
            if (request.option(option)
                    .filter(value -> !value.equals(plain) && !value.equals(AUTO))
                    .isPresent()) {
                throw refuse(
                        option + " is " + request.option(option).get() + ", and an ONNX network gives only " + plain,
                        "Leave the key out, or add model.safetensors and config.json");
            }
        }
        settings.put(PRECISION, "fp32");
    }

    /** Positions that are computed have no end: then the folder may ask for more than the network was trained with. */
    private int maxTokens(TextNetwork network) {
        OptionalInt own = files.settings().maxTokens();
        boolean isLonger = !network.hasPositionTable() && own.orElse(0) > network.positions();
        return maxTokens(isLonger ? own : OptionalInt.of(network.positions()));
    }

    private int maxTokens(OptionalInt positions) {
        OptionalInt asked = request.number(MAX_TOKENS);
        if (asked.isPresent() && positions.isPresent() && asked.getAsInt() > positions.getAsInt()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read texts of " + asked.getAsInt() + " tokens with the model " + files.label()
                            + " (it has " + positions.getAsInt() + " positions). Set the key max-tokens to at most "
                            + positions.getAsInt() + ".");
        }
        int most = positions.orElse(DEFAULT_MAX_TOKENS);
        OptionalInt own = files.settings().maxTokens();
        int wanted =
                asked.orElse(own.orElse(files.settings().tokenizer().maxTokens().orElse(most)));
        return Math.min(wanted, positions.orElse(wanted));
    }

    private EmbedlakeException refuse(String why, String change) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION, "Cannot use the model " + files.label() + ": " + why + ". " + change + ".");
    }

    private static String hash(String text) {
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
    }
}
