package io.embedlake.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes of a tokenizer's file and the settings beside it what transformers 5 makes of them: the parts that the tokenizer's class builds
 * from settings, and the tokens that are added. Records what it changed. Confined to one thread.
 */
final class TokenizerBuild implements TokenizerClass.Parts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NORMALIZER = "normalizer";
    private static final String PRE_TOKENIZER = "pre_tokenizer";
    private static final String POST_PROCESSOR = "post_processor";
    private static final String ADDED_TOKENS = "added_tokens";
    private static final String TYPE = "type";
    private static final String CONTENT = "content";
    private static final List<String> SPECIAL =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private final Path file;
    private final ObjectNode tokenizer;
    private final ObjectNode changes = JSON.createObjectNode();
    private final JsonNode folder;
    private final ObjectNode settings;
    private final Map<String, Integer> vocabulary = new HashMap<>();

    /**
     * Prepares a build.
     *
     * @param tokenizer the file's content, which is changed
     * @param folder what lies beside it, as in {@link io.embedlake.local.files.TokenizerFolder}
     */
    TokenizerBuild(Path file, ObjectNode tokenizer, JsonNode folder) {
        this.file = file;
        this.tokenizer = tokenizer;
        this.folder = folder;
        this.settings =
                folder.path("settings").isObject() ? (ObjectNode) folder.path("settings") : JSON.createObjectNode();
        if (!settings.has("added_tokens_decoder")) {
            folder.path("special").properties().forEach(token -> settings.set(token.getKey(), token.getValue()));
        }
        JsonNode words = tokenizer.path("model").path("vocab");
        if (words.isArray()) {
            for (int id = 0; id < words.size(); id++) {
                vocabulary.put(words.get(id).path(0).asText(), id);
            }
        }
        words.properties()
                .forEach(word -> vocabulary.put(word.getKey(), word.getValue().asInt()));
    }

    /**
     * The class of the tokenizer.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the class is not supported, or comes with its own code
     */
    TokenizerClass tokenizerClass() {
        JsonNode named = settings.path("tokenizer_class").isTextual()
                ? settings.path("tokenizer_class")
                : folder.path("model").path("tokenizer_class");
        if (settings.path("auto_map").has("AutoTokenizer")
                || settings.path("auto_map").isArray()) {
            throw refuse("its class brings code of its own (auto_map), which is never run");
        }
        if (settings.path("split_special_tokens").asBoolean()) {
            throw refuse("split_special_tokens is true, which is not supported");
        }
        String kind = tokenizer.path("model").path(TYPE).asText();
        TokenizerClass known = TokenizerClass.of(
                        Optional.of(named.asText()).filter(name -> !name.isEmpty()),
                        folder.path("model").path("model_type").asText())
                .orElseThrow(() -> refuse("its tokenizer_class is " + named.asText() + ", which is not supported"));
        if (!known.isBuiltOn(kind)) {
            throw refuse("its class is " + (named.asText().isEmpty() ? "that of its model_type" : named.asText())
                    + ", and its vocabulary is of the kind " + kind);
        }
        return known;
    }

    /** Builds the tokenizer as this class. */
    TokenizerBuild as(TokenizerClass known) {
        addTokens(known);
        known.build(this);
        return this;
    }

    /** The parts that differ from the file; empty when none does. */
    ObjectNode changes() {
        return changes;
    }

    /** The side, left or right, that these settings give, or the part of the file for it. */
    String side(String setting, String part) {
        String inFile = tokenizer.path(part).path("direction").asText("right");
        String side = settings.path(setting).asText(inFile).toLowerCase(java.util.Locale.ROOT);
        if (!List.of("left", "right").contains(side)) {
            throw refuse(setting + " is " + side + ", neither left nor right");
        }
        return side;
    }

    private void addTokens(TokenizerClass known) {
        Map<String, ObjectNode> tokens = new LinkedHashMap<>();
        JsonNode decoder = settings.path("added_tokens_decoder");
        Map<Integer, JsonNode> declared = new TreeMap<>();
        if (decoder.isObject()) {
            decoder.properties().forEach(token -> declared.put(Integer.valueOf(token.getKey()), token.getValue()));
        } else {
            folder.path("added")
                    .properties()
                    .forEach(token -> declared.put(token.getValue().asInt(), plain(token.getKey())));
            tokenizer
                    .path(ADDED_TOKENS)
                    .forEach(token -> declared.put(token.path("id").asInt(), token));
        }
        if (known == TokenizerClass.AS_THE_FILE_SAYS) {
            tokenizer
                    .path(ADDED_TOKENS)
                    .forEach(token -> tokens.put(token.path(CONTENT).asText(), token(token)));
        }
        declared.values().forEach(token -> tokens.put(token.path(CONTENT).asText(), token(token)));
        specialTokens(known)
                .forEach(content -> tokens.computeIfAbsent(
                        content,
                        word -> token(JSON.createObjectNode()
                                .put(CONTENT, word)
                                .put("special", true)
                                .put("normalized", false))));
        ArrayNode list = JSON.createArrayNode();
        int next = vocabulary.size();
        for (ObjectNode token : tokens.values()) {
            Integer id = vocabulary.get(token.path(CONTENT).asText());
            list.add(token.put("id", id == null ? next++ : id));
        }
        Map<Integer, ObjectNode> before = new TreeMap<>();
        tokenizer
                .path(ADDED_TOKENS)
                .forEach(token -> before.put(
                        token.path("id").asInt(),
                        token(token).put("id", token.path("id").asInt())));
        Map<Integer, JsonNode> after = new TreeMap<>();
        list.forEach(token -> after.put(token.path("id").asInt(), token));
        if (!before.equals(after)) {
            tokenizer.set(ADDED_TOKENS, list);
            changes.set(ADDED_TOKENS, list);
        }
        list.forEach(token ->
                vocabulary.put(token.path(CONTENT).asText(), token.path("id").asInt()));
    }

    /** A token of {@code added_tokens.json}; special if a setting names it so. */
    private ObjectNode plain(String content) {
        boolean isSpecial = named().contains(content);
        return JSON.createObjectNode()
                .put(CONTENT, content)
                .put("special", isSpecial)
                .put("normalized", !isSpecial);
    }

    private List<String> specialTokens(TokenizerClass known) {
        List<String> tokens = new ArrayList<>(named());
        known.special().stream().filter(vocabulary::containsKey).forEach(tokens::add);
        return tokens;
    }

    /** The special tokens that settings name, under any key. */
    private List<String> named() {
        List<String> tokens = new ArrayList<>();
        settings.properties().forEach(setting -> {
            JsonNode value = setting.getValue();
            if (SPECIAL.contains(setting.getKey()) || setting.getKey().endsWith("_token")) {
                content(value).ifPresent(tokens::add);
            }
        });
        for (String list : new String[] {"extra_special_tokens", "additional_special_tokens"}) {
            settings.path(list).forEach(token -> content(token).ifPresent(tokens::add));
        }
        return tokens;
    }

    private static Optional<String> content(JsonNode token) {
        JsonNode content = token.isObject() ? token.path(CONTENT) : token;
        return content.isTextual() ? Optional.of(content.asText()) : Optional.empty();
    }

    /** A token with all of its properties and without its id. */
    private static ObjectNode token(JsonNode token) {
        boolean isSpecial = token.path("special").asBoolean(false);
        return JSON.createObjectNode()
                .put(CONTENT, token.path(CONTENT).asText())
                .put("single_word", token.path("single_word").asBoolean(false))
                .put("lstrip", token.path("lstrip").asBoolean(false))
                .put("rstrip", token.path("rstrip").asBoolean(false))
                .put("normalized", token.path("normalized").asBoolean(!isSpecial))
                .put("special", isSpecial);
    }

    @Override
    public boolean flag(String name, boolean otherwise) {
        return settings.has(name) ? settings.path(name).asBoolean() : otherwise;
    }

    @Override
    public JsonNode setting(String name) {
        return settings.has(name) ? settings.path(name) : NullNode.getInstance();
    }

    @Override
    public String token(String name, String otherwise) {
        return content(settings.path(name)).orElse(otherwise);
    }

    @Override
    public Optional<JsonNode> charactersMap() {
        JsonNode normalizer = tokenizer.path(NORMALIZER);
        List<JsonNode> steps = new ArrayList<>(List.of(normalizer));
        normalizer.path("normalizers").forEach(steps::add);
        return steps.stream()
                .filter(step -> step.path(TYPE).asText().equals("Precompiled"))
                .findFirst();
    }

    @Override
    public void normalizer(JsonNode normalizer) {
        set(tokenizer, NORMALIZER, normalizer == null ? NullNode.getInstance() : normalizer);
    }

    @Override
    public void preTokenizer(JsonNode preTokenizer) {
        set(tokenizer, PRE_TOKENIZER, preTokenizer);
    }

    @Override
    public OptionalInt id(String word) {
        Integer id = vocabulary.get(word);
        boolean isAdded =
                id == null || id >= tokenizer.path("model").path("vocab").size();
        return isAdded ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public void model(String name, JsonNode value) {
        ObjectNode model = (ObjectNode) tokenizer.path("model");
        if (!isNothing(model.path(name)) || !isNothing(value)) {
            set(model, name, value);
        }
    }

    private static boolean isNothing(JsonNode value) {
        return value.isMissingNode()
                || value.isNull()
                || value.isBoolean() && !value.asBoolean()
                || value.isTextual() && value.asText().isEmpty();
    }

    @Override
    public boolean hasEnds() {
        return tokenizer.path(POST_PROCESSOR).isObject();
    }

    @Override
    public void ends(String begin, String end) {
        List<String> tokens =
                Stream.of(begin, end).filter(token -> !token.isEmpty()).toList();
        for (String token : tokens) {
            if (!vocabulary.containsKey(token)) {
                throw refuse("its vocabulary has no " + token);
            }
        }
        List<String> wanted = new ArrayList<>();
        if (!begin.isEmpty()) {
            wanted.add(around(begin, vocabulary.get(begin), 0));
        }
        wanted.add("$A 0");
        wanted.add(around(end, vocabulary.get(end), 0));
        if (wanted.equals(template(tokenizer.path(POST_PROCESSOR)))) {
            return;
        }
        ObjectNode processor = JSON.createObjectNode().put(TYPE, "TemplateProcessing");
        ObjectNode special = JSON.createObjectNode();
        ArrayNode single = processor.putArray("single");
        if (!begin.isEmpty()) {
            single.add(piece("SpecialToken", begin));
        }
        single.add(piece("Sequence", "A")).add(piece("SpecialToken", end));
        processor.set("pair", single.deepCopy().add(piece("Sequence", "B")).add(piece("SpecialToken", end)));
        for (String token : tokens) {
            ObjectNode entry = special.putObject(token).put("id", token);
            entry.putArray("ids").add(vocabulary.get(token));
            entry.putArray("tokens").add(token);
        }
        processor.set("special_tokens", special);
        tokenizer.set(POST_PROCESSOR, processor);
        changes.set(POST_PROCESSOR, processor);
    }

    private static ObjectNode piece(String kind, String id) {
        ObjectNode piece = JSON.createObjectNode();
        piece.putObject(kind).put("id", id).put("type_id", 0);
        return piece;
    }

    /** What a post-processor puts around a text: each token with its id and type. */
    private static List<String> template(JsonNode processor) {
        List<String> pieces = new ArrayList<>();
        switch (processor.path(TYPE).asText()) {
            case "BertProcessing", "RobertaProcessing" -> {
                JsonNode begin = processor.path("cls");
                JsonNode end = processor.path("sep");
                pieces.add(around(begin.path(0).asText(), begin.path(1), 0));
                pieces.add("$A 0");
                pieces.add(around(end.path(0).asText(), end.path(1), 0));
            }
            case "TemplateProcessing" ->
                processor.path("single").forEach(piece -> {
                    JsonNode special = piece.path("SpecialToken");
                    JsonNode text = piece.path("Sequence");
                    JsonNode ids = processor
                            .path("special_tokens")
                            .path(special.path("id").asText())
                            .path("ids");
                    pieces.add(
                            special.isMissingNode()
                                    ? "$" + text.path("id").asText() + " "
                                            + text.path("type_id").asInt()
                                    : around(
                                            special.path("id").asText(),
                                            ids.size() == 1 ? ids.path(0) : ids,
                                            special.path("type_id").asInt()));
                });
            case "Sequence" -> processor.path("processors").forEach(step -> pieces.addAll(template(step)));
            default -> {
                // Nothing around the text.
            }
        }
        return pieces;
    }

    private static String around(String token, Object id, int type) {
        return token + " " + id + " " + type;
    }

    private void set(ObjectNode owner, String name, JsonNode value) {
        if (!canonical(owner.path(name)).equals(canonical(value))) {
            owner.set(name, value);
            changes.set(name, value);
        }
    }

    /** A part in one spelling of the several that mean the same. */
    private static JsonNode canonical(JsonNode part) {
        if (part.isMissingNode()) {
            return NullNode.getInstance();
        }
        if (part.isArray()) {
            ArrayNode list = JSON.createArrayNode();
            part.forEach(element -> list.add(canonical(element)));
            return list;
        }
        if (!part.isObject()) {
            return part;
        }
        ObjectNode object = JSON.createObjectNode();
        part.properties().forEach(field -> object.set(field.getKey(), canonical(field.getValue())));
        object.remove(List.of("trim_offsets", "str_rep"));
        String type = object.path(TYPE).asText();
        JsonNode steps =
                object.path("normalizers").isMissingNode() ? object.path("pretokenizers") : object.path("normalizers");
        if (type.equals("Sequence") && steps.isArray() && steps.size() < 2) {
            return steps.isEmpty() ? NullNode.getInstance() : steps.get(0);
        }
        if (type.equals("Metaspace")) {
            boolean adds = object.path("add_prefix_space").asBoolean(true);
            object.put("prepend_scheme", object.path("prepend_scheme").asText(adds ? "always" : "never"));
            object.put("split", object.path("split").asBoolean(true));
            object.remove("add_prefix_space");
        }
        if (type.equals("ByteLevel")) {
            object.put("use_regex", object.path("use_regex").asBoolean(true));
        }
        return object;
    }

    private EmbedlakeException refuse(String why) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot use the tokenizer " + file + " (" + why
                        + "). Save it with transformers' tokenizers as a tokenizer.json, or change the key model.");
    }
}
