package io.embedlake.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.local.files.TokenizerFolder;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A tokenizer as JSON in Hugging Face's format, made of its file and of the settings beside it as transformers makes it. Immutable by
 * convention.
 *
 * @param path the file, {@code tokenizer.json} or {@code vocab.txt}
 * @param json the tokenizer; empty where the file is used unchanged
 * @param changes the parts that differ from the file
 * @param truncatesLeft whether the end of a long text is kept
 * @param padsLeft whether short texts of a batch are filled up before their first token
 */
record TokenizerFile(Path path, ObjectNode json, ObjectNode changes, boolean truncatesLeft, boolean padsLeft) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NORMALIZER = "normalizer";
    private static final String LEFT = "left";
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /** A file without settings beside it. */
    static TokenizerFile of(Path path) {
        return of(path.toString(), path, TokenizerFolder.NOTHING, false);
    }

    /**
     * Reads a file and what lies beside it.
     *
     * @param lowerCase whether texts are brought to lower case first, special tokens excepted ({@code do_lower_case} of
     *     sentence-transformers)
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is damaged, or of an unsupported class
     */
    static TokenizerFile of(String label, Path path, TokenizerFolder folder, boolean lowerCase) {
        boolean isVocabulary = path.getFileName().toString().equals("vocab.txt");
        try {
            if (folder.equals(TokenizerFolder.NOTHING) && !lowerCase && !isVocabulary) {
                requireHarmless(label, path, JSON.readTree(path.toFile()));
                return new TokenizerFile(path, JSON.createObjectNode(), JSON.createObjectNode(), false, false);
            }
            JsonNode settings = JSON.readTree(folder.json());
            JsonNode content = isVocabulary ? Vocabulary.tokenizer(path) : JSON.readTree(path.toFile());
            if (!(content instanceof ObjectNode tokenizer)
                    || !content.path("model").isObject()) {
                throw unusable(label, path, null);
            }
            TokenizerBuild build = new TokenizerBuild(path, tokenizer, settings);
            TokenizerClass known = folder.equals(TokenizerFolder.NOTHING) && isVocabulary
                    ? TokenizerClass.BERT
                    : build.tokenizerClass();
            build.as(known);
            requireHarmless(label, path, tokenizer);
            if (lowerCase) {
                lower(tokenizer);
            }
            return new TokenizerFile(
                    path,
                    tokenizer,
                    build.changes(),
                    build.side("truncation_side", "truncation").equals(LEFT),
                    build.side("padding_side", "padding").equals(LEFT));
        } catch (IOException e) {
            throw unusable(label, path, e);
        }
    }

    private static void requireHarmless(String label, Path path, JsonNode tokenizer) {
        FatalParts.of(tokenizer).ifPresent(part -> {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the model " + label + ": " + path + " (" + part
                            + "). Replace the file or change the key model.");
        });
    }

    /** The error for an invalid tokenizer file. */
    static EmbedlakeException unusable(String label, Path path, Exception cause) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot use the model " + label + ": " + path
                        + " (it is damaged or not a tokenizer of Hugging Face's"
                        + " format). Replace the file or change the key model.",
                cause);
    }

    /** The tokenizer as JSON; the caller closes it. */
    InputStream open() throws IOException {
        if (!json.isEmpty()) {
            return new ByteArrayInputStream(JSON.writeValueAsBytes(json));
        }
        InputStream bytes = Files.newInputStream(path);
        byte[] first = bytes.readNBytes(BYTE_ORDER_MARK.length);
        if (java.util.Arrays.equals(first, BYTE_ORDER_MARK)) {
            return bytes;
        }
        bytes.close();
        return Files.newInputStream(path);
    }

    /** Puts a step in front of the normalizer, unless there is one like it. */
    private static void lower(ObjectNode tokenizer) {
        JsonNode own = tokenizer.path(NORMALIZER);
        List<JsonNode> steps = new java.util.ArrayList<>(List.of(own));
        own.path("normalizers").forEach(steps::add);
        if (steps.stream().anyMatch(step -> step.path("type").asText().equals("Lowercase"))) {
            return;
        }
        ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
        ArrayNode list = sequence.putArray("normalizers");
        list.addObject().put("type", "Lowercase");
        if (own.isObject()) {
            list.add(own);
        }
        tokenizer.set(NORMALIZER, sequence);
    }
}
