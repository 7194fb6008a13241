package io.embedlake.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The tokenizer classes of transformers 5 that build normalizer, pre-tokenizer and special tokens from their settings and ignore the
 * tokenizer's file, of which they take the vocabulary only. Source: the files {@code tokenization_*.py} in transformers.
 */
enum TokenizerClass {
    /** What the file says. */
    AS_THE_FILE_SAYS("", List.of(), Set.of("TokenizersBackend", "PreTrainedTokenizer")) {
        @Override
        void build(Parts parts) {
            // Nothing to build.
        }
    },
    BERT(
            "WordPiece",
            List.of("[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"),
            Set.of(
                    "BertTokenizer",
                    "DistilBertTokenizer",
                    "ElectraTokenizer",
                    "MobileBertTokenizer",
                    "LayoutLMTokenizer",
                    "ConvBertTokenizer")) {
        @Override
        void build(Parts parts) {
            wordPieces(parts, "[UNK]");
            parts.ends(parts.token("cls_token", "[CLS]"), parts.token("sep_token", "[SEP]"));
        }
    },
    MPNET("WordPiece", List.of("<s>", "</s>", "[UNK]", "<pad>", "<mask>"), Set.of("MPNetTokenizer")) {
        @Override
        void build(Parts parts) {
            wordPieces(parts, "[UNK]");
            parts.ends(parts.token("cls_token", "<s>"), parts.token("sep_token", "</s>"));
        }
    },
    ROBERTA(
            "BPE",
            List.of("<s>", "</s>", "<unk>", "<pad>", "<mask>"),
            Set.of("RobertaTokenizer", "LongformerTokenizer", "BartTokenizer")) {
        @Override
        void build(Parts parts) {
            parts.normalizer(null);
            parts.preTokenizer(byteLevel(parts.flag("add_prefix_space", false), true));
            merges(parts, "", false, false);
            parts.ends(parts.token("cls_token", "<s>"), parts.token("sep_token", "</s>"));
        }
    },
    XLM_ROBERTA("Unigram", List.of("<s>", "</s>", "<unk>", "<pad>", "<mask>"), Set.of("XLMRobertaTokenizer")) {
        @Override
        void build(Parts parts) {
            sentencePieces(parts, 3);
            wordsOfSentencePieces(parts);
        }
    },
    CAMEMBERT("Unigram", List.of("<s>", "</s>", "<unk>", "<pad>", "<mask>"), Set.of("CamembertTokenizer")) {
        @Override
        void build(Parts parts) {
            sentencePieces(parts, parts.id(parts.token("unk_token", "<unk>")).orElse(0));
            wordsOfSentencePieces(parts);
        }
    },
    ALBERT("Unigram", List.of("[CLS]", "[SEP]", "<unk>", "<pad>", "[MASK]"), Set.of("AlbertTokenizer")) {
        @Override
        void build(Parts parts) {
            ArrayNode steps = JSON.createArrayNode();
            steps.add(replace("``", "\""));
            steps.add(replace("''", "\""));
            if (!parts.flag("keep_accents", false)) {
                steps.add(type("NFKD"));
                steps.add(type("StripAccents"));
            }
            if (parts.flag("do_lower_case", true)) {
                steps.add(type("Lowercase"));
            }
            parts.charactersMap().ifPresent(steps::add);
            parts.normalizer(type("Sequence").set("normalizers", steps));
            parts.preTokenizer(wordsWithPrefix(parts));
            sentencePieces(parts, 1);
            if (!parts.hasEnds()) {
                parts.ends("[CLS]", "[SEP]");
            }
        }
    },
    DEBERTA_V2("Unigram", List.of("[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]"), Set.of("DebertaV2Tokenizer")) {
        @Override
        void build(Parts parts) {
            ArrayNode steps = JSON.createArrayNode();
            if (parts.flag("do_lower_case", false)) {
                steps.add(type("Lowercase"));
            }
            ObjectNode spaces = type("Replace");
            spaces.putObject("pattern").put("Regex", "\\s{2,}|[\\n\\r\\t]");
            steps.add(spaces.put("content", " "));
            steps.add(type("NFC"));
            steps.add(type("Strip").put("strip_left", false).put("strip_right", true));
            parts.normalizer(type("Sequence").set("normalizers", steps));
            ArrayNode words = JSON.createArrayNode();
            if (parts.flag("split_by_punct", false)) {
                words.add(type("Punctuation").put("behavior", "Isolated"));
            }
            words.add(metaspace(parts.flag("add_prefix_space", true) ? "always" : "first"));
            parts.preTokenizer(type("Sequence").set("pretokenizers", words));
            sentencePieces(
                    parts,
                    parts.id(parts.token("unk_token", "[UNK]"))
                            .orElse(parts.setting("unk_id").asInt(1)));
            parts.ends(parts.token("cls_token", "[CLS]"), parts.token("sep_token", "[SEP]"));
        }
    },
    QWEN2("BPE", List.of("<|endoftext|>"), Set.of("Qwen2Tokenizer")) {
        @Override
        void build(Parts parts) {
            parts.normalizer(type("NFC"));
            ArrayNode words = JSON.createArrayNode();
            words.add(split(
                    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                            + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                    "Isolated",
                    false));
            words.add(byteLevel(parts.flag("add_prefix_space", false), false));
            parts.preTokenizer(type("Sequence").set("pretokenizers", words));
            merges(parts, "", false, false);
        }
    },
    GEMMA("BPE", List.of("<pad>", "<eos>", "<bos>", "<unk>", "<mask>"), Set.of("GemmaTokenizer")) {
        @Override
        void build(Parts parts) {
            parts.normalizer(replace(" ", "\u2581"));
            ObjectNode spaces = type("Split");
            spaces.putObject("pattern").put("String", " ");
            parts.preTokenizer(spaces.put("behavior", "MergedWithPrevious").put("invert", false));
            merges(parts, "", true, true);
        }
    },
    SIGLIP2("BPE", List.of("<pad>", "<eos>", "<bos>", "<unk>", "<mask>"), Set.of("Siglip2Tokenizer")) {
        @Override
        void build(Parts parts) {
            GEMMA.build(parts);
            ArrayNode steps = JSON.createArrayNode().add(type("Lowercase")).add(replace(" ", "\u2581"));
            parts.normalizer(type("Sequence").set("normalizers", steps));
        }
    },
    SIGLIP("Unigram", List.of("</s>", "<unk>"), Set.of("SiglipTokenizer")) {
        @Override
        void build(Parts parts) {
            ArrayNode steps = JSON.createArrayNode();
            if (parts.flag("do_lower_case", true)) {
                steps.add(type("Lowercase"));
            }
            ObjectNode punctuation = type("Replace");
            punctuation.putObject("pattern").put("Regex", "[!-/:-@\\[-`{-~]");
            steps.add(punctuation.put("content", ""));
            ObjectNode spaces = type("Replace");
            spaces.putObject("pattern").put("Regex", "\\s+");
            steps.add(spaces.put("content", " "));
            steps.add(type("Strip").put("strip_left", true).put("strip_right", true));
            parts.charactersMap().ifPresent(steps::add);
            parts.normalizer(type("Sequence").set("normalizers", steps));
            parts.preTokenizer(metaspace("always"));
            sentencePieces(parts, parts.id(parts.token("unk_token", "<unk>")).orElse(0));
            parts.ends("", parts.token("eos_token", "</s>"));
        }
    },
    CLIP("BPE", List.of("<|startoftext|>", "<|endoftext|>"), Set.of("CLIPTokenizer")) {
        @Override
        void build(Parts parts) {
            ArrayNode steps = JSON.createArrayNode();
            steps.add(type("NFC"));
            ObjectNode spaces = type("Replace");
            spaces.putObject("pattern").put("Regex", "\\s+");
            steps.add(spaces.put("content", " "));
            steps.add(type("Lowercase"));
            parts.normalizer(type("Sequence").set("normalizers", steps));
            ArrayNode words = JSON.createArrayNode();
            words.add(split(
                    "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
                    "Removed",
                    true));
            words.add(byteLevel(false, true));
            parts.preTokenizer(type("Sequence").set("pretokenizers", words));
            merges(parts, "</w>", false, false);
            parts.ends(parts.token("bos_token", "<|startoftext|>"), parts.token("eos_token", "<|endoftext|>"));
        }
    };

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The classes of models whose files name none; of other models it is {@link #AS_THE_FILE_SAYS}. */
    private static final Map<String, TokenizerClass> OF_MODELS = Map.ofEntries(
            Map.entry("bert", BERT),
            Map.entry("distilbert", BERT),
            Map.entry("electra", BERT),
            Map.entry("nomic_bert", BERT),
            Map.entry("mpnet", MPNET),
            Map.entry("roberta", ROBERTA),
            Map.entry("xlm-roberta", XLM_ROBERTA),
            Map.entry("camembert", CAMEMBERT),
            Map.entry("albert", ALBERT),
            Map.entry("deberta-v2", DEBERTA_V2),
            Map.entry("qwen3", QWEN2),
            Map.entry("gemma3_text", GEMMA),
            Map.entry("siglip", SIGLIP),
            Map.entry("clip", CLIP));

    /** Models whose files name classes that transformers does not use. */
    private static final Set<String> NEVER_BUILT = Set.of("modernbert");

    private final String model;
    private final List<String> special;
    private final Set<String> names;

    TokenizerClass(String model, List<String> special, Set<String> names) {
        this.model = model;
        this.special = special;
        this.names = names;
    }

    /**
     * The class of a model.
     *
     * @param named the class that its files name, if any
     * @param modelType the {@code model_type} of its network
     * @return empty when the class is not supported
     */
    static Optional<TokenizerClass> of(Optional<String> named, String modelType) {
        if (NEVER_BUILT.contains(modelType)) {
            return Optional.of(AS_THE_FILE_SAYS);
        }
        if (named.isEmpty()) {
            return Optional.of(OF_MODELS.getOrDefault(modelType, AS_THE_FILE_SAYS));
        }
        String plain = named.get().replaceFirst("Fast$", "");
        return Arrays.stream(values())
                .filter(known -> known.names.contains(plain) || known.names.contains(named.get()))
                .findFirst();
    }

    /** Whether it is built on vocabularies of this kind; a file of old may not say which it has. */
    boolean isBuiltOn(String kind) {
        return model.isEmpty() || kind.isEmpty() || kind.equals(model);
    }

    /** The special tokens of a class whose settings name none. */
    List<String> special() {
        return special;
    }

    /** Sets the parts of a tokenizer as the class builds them. */
    abstract void build(Parts parts);

    /** What a class reads and sets. */
    interface Parts {
        /** A setting that is true or false. */
        boolean flag(String name, boolean otherwise);

        /** A setting of three values: true, false and null. */
        JsonNode setting(String name);

        /** The content of a special token. */
        String token(String name, String otherwise);

        /** The character map of a SentencePiece model: the file's own normalizer. */
        Optional<JsonNode> charactersMap();

        /** Sets the normalizer, or none. */
        void normalizer(JsonNode normalizer);

        /** Sets the pre-tokenizer. */
        void preTokenizer(JsonNode preTokenizer);

        /** The place of a word in the model's own vocabulary, to which added tokens do not belong. */
        OptionalInt id(String word);

        /** Sets a property of the model; null, false and the empty text mean the same. */
        void model(String name, JsonNode value);

        /** Whether the file puts something around a text. */
        boolean hasEnds();

        /** Puts a text between these two tokens; before it there may be none, which is empty. */
        void ends(String begin, String end);
    }

    private static void wordPieces(Parts parts, String unknown) {
        ObjectNode normalizer = type("BertNormalizer").put("clean_text", true);
        normalizer.put("handle_chinese_chars", parts.flag("tokenize_chinese_chars", true));
        normalizer.set("strip_accents", parts.setting("strip_accents"));
        normalizer.put("lowercase", parts.flag("do_lower_case", true));
        parts.normalizer(normalizer);
        parts.preTokenizer(type("BertPreTokenizer"));
        parts.model("unk_token", JSON.getNodeFactory().textNode(parts.token("unk_token", unknown)));
        parts.model("continuing_subword_prefix", JSON.getNodeFactory().textNode("##"));
        parts.model("max_input_chars_per_word", JSON.getNodeFactory().numberNode(100));
    }

    /** What classes fix of byte-pair encoding; {@code dropout} would draw tokens at random. */
    private static void merges(Parts parts, String endOfWord, boolean fusesUnknown, boolean fallsBackToBytes) {
        parts.model("dropout", JSON.nullNode());
        parts.model("continuing_subword_prefix", JSON.nullNode());
        parts.model("end_of_word_suffix", JSON.getNodeFactory().textNode(endOfWord));
        parts.model("fuse_unk", JSON.getNodeFactory().booleanNode(fusesUnknown));
        parts.model("byte_fallback", JSON.getNodeFactory().booleanNode(fallsBackToBytes));
        parts.model("ignore_merges", JSON.getNodeFactory().booleanNode(false));
    }

    /** What classes fix of a unigram model. */
    private static void sentencePieces(Parts parts, int unknown) {
        parts.model("unk_id", JSON.getNodeFactory().numberNode(unknown));
        parts.model("byte_fallback", JSON.getNodeFactory().booleanNode(false));
    }

    private static void wordsOfSentencePieces(Parts parts) {
        parts.normalizer(parts.charactersMap().orElse(null));
        parts.preTokenizer(wordsWithPrefix(parts));
        parts.ends(parts.token("bos_token", "<s>"), parts.token("eos_token", "</s>"));
    }

    private static JsonNode wordsWithPrefix(Parts parts) {
        ArrayNode words = JSON.createArrayNode();
        words.add(type("WhitespaceSplit"));
        words.add(metaspace(parts.flag("add_prefix_space", true) ? "always" : "never"));
        return type("Sequence").set("pretokenizers", words);
    }

    private static ObjectNode metaspace(String prefix) {
        return type("Metaspace")
                .put("replacement", "\u2581")
                .put("prepend_scheme", prefix)
                .put("split", true);
    }

    private static ObjectNode byteLevel(boolean addsPrefixSpace, boolean usesPattern) {
        return type("ByteLevel")
                .put("add_prefix_space", addsPrefixSpace)
                .put("trim_offsets", true)
                .put("use_regex", usesPattern);
    }

    private static ObjectNode replace(String from, String to) {
        ObjectNode step = type("Replace");
        step.putObject("pattern").put("String", from);
        return step.put("content", to);
    }

    private static ObjectNode split(String pattern, String behavior, boolean invert) {
        ObjectNode step = type("Split");
        step.putObject("pattern").put("Regex", pattern);
        return step.put("behavior", behavior).put("invert", invert);
    }

    private static ObjectNode type(String name) {
        return JSON.createObjectNode().put("type", name);
    }
}
