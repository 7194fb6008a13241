package io.embedlake.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each of these parts ends the process when the native library reads it, or reads a text with it. */
class FatalPartsTest {
    private static Optional<String> found(String tokenizer) {
        try {
            return FatalParts.of(new ObjectMapper().readTree(tokenizer.replace('\'', '"')));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Optional<String> normalizer(String part) {
        Optional<String> alone = found("{'normalizer': " + part + "}");
        assertEquals(
                alone,
                found("{'normalizer': {'type': 'Sequence', 'normalizers': [{'type': 'NFC'}, " + part + "]}}"),
                "within a sequence");
        return alone;
    }

    private static String map(byte... bytes) {
        return "{'type': 'Precompiled', 'precompiled_charsmap': '"
                + Base64.getEncoder().encodeToString(bytes) + "'}";
    }

    @Test
    void tokensOfATemplateAreDefined() {
        String template =
                "{'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '[X]'}}, {'Sequence': {'id':"
                        + " 'A'}}], 'pair': [], 'special_tokens': {%s}}";
        Optional<String> undefined = Optional.of("its post_processor puts in the token [X] and does not define it");
        assertEquals(undefined, found("{'post_processor': " + template.formatted("") + "}"));
        assertEquals(
                undefined,
                found("{'post_processor': {'type': 'Sequence', 'processors': [{'type': 'ByteLevel'}, "
                        + template.formatted("") + "]}}"));
        assertEquals(Optional.empty(), found("{'post_processor': " + template.formatted("'[X]': {'ids': [1]}") + "}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", 'precompiled_charsmap': null", ", 'precompiled_charsmap': 'no base 64'"})
    void mapsOfCharactersAreThere(String map) {
        assertEquals(
                Optional.of("the precompiled_charsmap of its normalizer is missing or damaged"),
                normalizer("{'type': 'Precompiled'" + map + "}"));
    }

    @Test
    void mapsOfCharactersAreWhole() {
        Optional<String> damaged = Optional.of("the precompiled_charsmap of its normalizer is missing or damaged");
        byte[] text = "\u00e9".getBytes(StandardCharsets.UTF_8);
        assertEquals(
                Optional.empty(),
                normalizer(map(
                        (byte) 4, (byte) 0, (byte) 0, (byte) 0, (byte) 1, (byte) 1, (byte) 1, (byte) 1, text[0],
                        text[1])));
        assertEquals(damaged, normalizer(map((byte) 4, (byte) 0, (byte) 0)));
        assertEquals(damaged, normalizer(map((byte) 9, (byte) 0, (byte) 0, (byte) 0, (byte) 1)));
        assertEquals(damaged, normalizer(map((byte) 0, (byte) 0, (byte) 0, (byte) 0, text[0])));
    }

    @Test
    void whatIsReplacedOrPutInFrontIsNotEmpty() {
        assertEquals(
                Optional.of("what its normalizer replaces is empty"),
                normalizer("{'type': 'Replace', 'pattern': {'String': ''}, 'content': ' '}"));
        assertEquals(
                Optional.of("what its normalizer puts in front is empty"),
                normalizer("{'type': 'Prepend', 'prepend': ''}"));
        assertEquals(Optional.empty(), normalizer("{'type': 'Replace', 'pattern': {'Regex': 'a*'}, 'content': ' '}"));
    }

    @Test
    void mergesHaveThePrefixOfContinuedWords() {
        Optional<String> without = Optional.of("its merges are made without its continuing_subword_prefix ##");
        String model = "{'model': {'type': 'BPE', 'continuing_subword_prefix': %s, 'merges': %s}}";
        assertEquals(without, found(model.formatted("'##'", "['a b']")));
        assertEquals(without, found(model.formatted("'##'", "[['a', 'b']]")));
        assertEquals(Optional.empty(), found(model.formatted("'##'", "['a ##b']")));
        assertEquals(Optional.empty(), found(model.formatted("null", "['a b']")));
    }
}
