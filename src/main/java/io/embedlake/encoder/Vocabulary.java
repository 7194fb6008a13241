package io.embedlake.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * BERT's {@code vocab.txt}, a word piece a line, as a tokenizer in Hugging Face's format: what older models have instead of it. What
 * {@code tokenizer_config.json} beside it says of case, accents and Chinese characters counts. Stateless.
 */
final class Vocabulary {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    private Vocabulary() {}

    /**
     * The tokenizer.
     *
     * @throws IOException when the file cannot be read or lacks one of the special pieces
     */
    static ObjectNode tokenizer(Path file) throws IOException {
        List<String> pieces = Files.readAllLines(file);
        for (String special : SPECIAL.subList(1, 4)) {
            if (!pieces.contains(special)) {
                throw new IOException("the vocabulary has no " + special);
            }
        }
        JsonNode config = JSON.createObjectNode();
        Path beside = file.resolveSibling("tokenizer_config.json");
        if (Files.isRegularFile(beside)) {
            config = JSON.readTree(beside.toFile());
        }
        ObjectNode tokenizer = JSON.createObjectNode();
        tokenizer.put("version", "1.0");
        ArrayNode added = tokenizer.putArray("added_tokens");
        SPECIAL.stream().filter(pieces::contains).forEach(special -> added.addObject()
                .put("id", pieces.indexOf(special))
                .put("content", special)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true));
        ObjectNode normalizer = tokenizer.putObject("normalizer");
        normalizer.put("type", "BertNormalizer").put("clean_text", true);
        normalizer.put(
                "handle_chinese_chars", config.path("tokenize_chinese_chars").asBoolean(true));
        normalizer.set("strip_accents", config.path("strip_accents").isBoolean() ? config.path("strip_accents") : null);
        normalizer.put("lowercase", config.path("do_lower_case").asBoolean(true));
        tokenizer.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        tokenizer.set("post_processor", processor(pieces));
        tokenizer
                .putObject("decoder")
                .put("type", "WordPiece")
                .put("prefix", "##")
                .put("cleanup", true);
        ObjectNode model = tokenizer.putObject("model");
        model.put("type", "WordPiece").put("unk_token", "[UNK]").put("continuing_subword_prefix", "##");
        model.put("max_input_chars_per_word", 100);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < pieces.size(); id++) {
            vocabulary.put(pieces.get(id), id);
        }
        return tokenizer;
    }

    /** A text between the pieces for its begin and end. */
    private static ObjectNode processor(List<String> pieces) {
        ObjectNode processor = JSON.createObjectNode().put("type", "BertProcessing");
        processor.putArray("sep").add("[SEP]").add(pieces.indexOf("[SEP]"));
        processor.putArray("cls").add("[CLS]").add(pieces.indexOf("[CLS]"));
        return processor;
    }
}
