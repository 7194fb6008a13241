package io.embedlake.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A tokenizer's file, {@code tokenizer.json} or {@code vocab.txt}, as JSON in Hugging Face's format. Immutable.
 *
 * @param path the file
 * @param letterCase what is done to the case of letters before anything else
 */
record TokenizerFile(Path path, Case letterCase) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NORMALIZER = "normalizer";

    /** What is done to the case of letters. */
    enum Case {
        /** What the file says. */
        AS_THE_FILE_SAYS,
        /** Lower case, special tokens excepted: {@code do_lower_case} of older folders of sentence-transformers. */
        LOWER
    }

    /** The tokenizer as JSON; the caller closes it. */
    InputStream open() throws IOException {
        boolean isVocabulary = path.getFileName().toString().equals("vocab.txt");
        if (!isVocabulary && letterCase == Case.AS_THE_FILE_SAYS) {
            return Files.newInputStream(path);
        }
        JsonNode tokenizer = isVocabulary ? Vocabulary.tokenizer(path) : JSON.readTree(path.toFile());
        if (letterCase == Case.LOWER && tokenizer instanceof ObjectNode object) {
            lower(object);
        }
        return new ByteArrayInputStream(JSON.writeValueAsBytes(tokenizer));
    }

    /** Puts a step in front of the normalizer that the file has. */
    private static void lower(ObjectNode tokenizer) {
        JsonNode own = tokenizer.path(NORMALIZER);
        ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("normalizers");
        steps.addObject().put("type", "Lowercase");
        if (own.isObject()) {
            steps.add(own);
        }
        tokenizer.set(NORMALIZER, sequence);
    }
}
