package io.embedlake.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * BERT's {@code vocab.txt}, a WordPiece per line, as a tokenizer in Hugging Face's format with BERT's own settings: for older models
 * without a tokenizer file. Stateless.
 */
final class Vocabulary {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Vocabulary() {}

    /**
     * The tokenizer.
     *
     * @throws IOException when the file cannot be read
     */
    static ObjectNode tokenizer(Path file) throws IOException {
        List<String> pieces = Files.readAllLines(file);
        ObjectNode tokenizer = JSON.createObjectNode().put("version", "1.0");
        tokenizer
                .putObject("decoder")
                .put("type", "WordPiece")
                .put("prefix", "##")
                .put("cleanup", true);
        ObjectNode vocabulary =
                tokenizer.putObject("model").put("type", "WordPiece").putObject("vocab");
        for (int id = 0; id < pieces.size(); id++) {
            vocabulary.put(id == 0 ? pieces.get(id).replaceFirst("^\ufeff", "") : pieces.get(id), id);
        }
        if (vocabulary.has("[UNK]") && vocabulary.has("[CLS]") && vocabulary.has("[SEP]")) {
            new TokenizerBuild(file, tokenizer, JsonNodeFactory.instance.objectNode()).as(TokenizerClass.BERT);
        }
        return tokenizer;
    }
}
