package io.embedlake.remote.format;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.remote.platform.Formats;
import io.embedlake.spi.ErrorKind;
import io.embedlake.testing.Refusals;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsOfFormatsTest {
    private static final ModelFormat VOYAGE = Formats.of("voyage", "voyage-3.5");

    @Test
    void thatAreLeftAloneAreNotSent() {
        assertEquals("{\"input\":[\"a\"],\"model\":\"m\"}", body(Formats.of("openai-compatible", "m")));
        assertEquals("{\"inputs\":[\"a\"]}", body(Formats.of("tei", "m")));
        assertEquals("{\"model\":\"m\",\"input\":[\"a\"]}", body(Formats.of("ollama", "m")));
        assertEquals("{\"inputText\":\"a\"}", body(Formats.of("bedrock", "amazon.titan-embed-text-v1")));
    }

    @Test
    void thatChangeVectorsAreInTheFingerprintAndOthersAreNot() {
        assertEquals(
                Map.of("api", "openai", "model", "m", "dimensions", "4"),
                Formats.of("openai", "m", "dimensions", "4", "encoding", "float", "user", "lake")
                        .vectorOptions());
        assertEquals(
                Map.of("api", "cohere", "model", "m", "input-type", "search_query", "truncate", "NONE"),
                Formats.of("cohere", "m", "input-type", "query", "long-text", "error")
                        .vectorOptions());
        assertEquals(
                Map.of("api", "ollama", "model", "m", "truncate", "off"),
                Formats.of("ollama", "m", "long-text", "error").vectorOptions());
        assertEquals(
                Map.of("api", "jina", "model", "m", "task", "text-matching", "normalized", "off"),
                Formats.of("jina", "m", "input-type", "similarity", "normalize", "false")
                        .vectorOptions());
    }

    @Test
    void aSwitchSetToTheDefaultOfTheServerIsTheSameAsNone() {
        ModelFormat set = Formats.of("voyage", "voyage-3.5", "long-text", "truncate");

        assertEquals(VOYAGE.vectorOptions(), set.vectorOptions());
        assertEquals(body(VOYAGE), body(set));
    }

    @Test
    void thatNoServerTakesAreRefusedWithTheRule() {
        Refusals.assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot use the option dimensions: 300 (256, 512, 1024 or 2048). Change it or leave it out.",
                () -> Formats.of("voyage", "voyage-3.5", "dimensions", "300"));
        refused("dimensions: 256", "openai", "text-embedding-ada-002", "dimensions", "256");
        refused("input-type: clustering", "gemini", "gemini-embedding-2", "input-type", "clustering");
        refused("[document, query]", "voyage", "voyage-3.5", "input-type", "clustering");
        refused("model: gemini-embedding-2", "vertex", "gemini-embedding-2", "project", "p", "location", "global");
        refused("location: EU", "vertex", "m", "project", "p", "location", "EU");
        refused("normalize: false", "bedrock", "amazon.titan-embed-text-v1", "normalize", "false");
        refused("model", "openai", " ");
        refused("model", "openai", "two\nlines");
        refused("user", "openai", "m", "user", "two\nlines");
        refused("api-version: latest", "azure-openai", "m", "api-version", "latest");
    }

    private static void refused(String part, String platform, String model, String... options) {
        assertMisconfigured(() -> Formats.of(platform, model, options), part);
    }

    @Test
    void namesInPathsAreEncoded() {
        String path = Formats.of("azure-openai", "a/b c?d*é~", "api-version", "2024-10-21")
                .call(List.of("a"))
                .path();

        assertEquals("/openai/deployments/a%2Fb%20c%3Fd%2A%C3%A9~/embeddings?api-version=2024-10-21", path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no json", "{}", "{\"a\":\"{texts}\",\"b\":\"{texts}\"}", "[\"{text}\", \"{text}\"]"})
    void aTemplateThatDoesNotHoldTheTextsOnceIsRefused(String template) {
        assertMisconfigured(() -> template(template, "data[*]", 8), "request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "data[", "data[x]", "a..b", "[-1]", "a b.["})
    void aPathThatIsNoneIsRefused(String path) {
        assertMisconfigured(() -> template("[\"{texts}\"]", path, 8), "vectors");
    }

    @Test
    void aTemplateTakesListsOrRepeatsAnElementOrHoldsOneText() {
        assertEquals("{\"q\":[\"a\",\"b\"]}", body(template("{\"q\": \"{texts}\"}", "$[*]", 8), "a", "b"));
        assertEquals(
                "[{\"t\":\"a\",\"k\":1},{\"t\":\"b\",\"k\":1}]",
                body(template("[{\"t\": \"{text}\", \"k\": 1}]", "[*]", 8), "a", "b"));
        assertEquals("{\"t\":\"a\"}", body(template("{\"t\": \"{text}\"}", "vector", 1), "a"));
    }

    @Test
    void aPathFindsOneVectorOrMany() {
        assertEquals(1, vectors(template("{\"t\": \"{text}\"}", "out.vector", 1), "{\"out\":{\"vector\":[1,2]}}", 1));
        assertEquals(2, vectors(template("[\"{text}\"]", "[*][0]", 8), "[[[1,2]],[[3,4]]]", 2));
        assertEquals(2, vectors(template("[\"{text}\"]", "$.a[0].b[*]", 8), "{\"a\":[{\"b\":[[1],[3]]}]}", 2));
    }

    @Test
    void extraHeadersTravelWithEveryCall() {
        ModelFormat format = new ExtraHeaders(VOYAGE, Map.of("X-Team", "team-7"));

        assertEquals(Map.of("X-Team", "team-7"), format.call(List.of("a")).headers());
        assertFalse(format.toString().contains("team-7"), format.toString());
    }

    @Test
    void headersThatHoldKeysOrLineEndsAreRefused() {
        assertMisconfigured(() -> new ExtraHeaders(VOYAGE, Map.of("API-Key", "x")), "API-Key");
        assertMisconfigured(() -> new ExtraHeaders(VOYAGE, Map.of("a b", "x")), "a b");
        assertMisconfigured(() -> new ExtraHeaders(VOYAGE, Map.of("X-A", "x\r\nY: z")), "X-A");
    }

    @Test
    void aCallHoldsNoMoreTextsThanItsBudget() {
        ModelFormat format = Formats.of("tei", "m");

        assertThrows(IllegalArgumentException.class, () -> format.call(List.of()));
        assertThrows(IllegalArgumentException.class, () -> format.call(Collections.nCopies(33, "a")));
    }

    private static int vectors(ModelFormat format, String body, int texts) {
        return ((Reading.Answer) format.read(Goldens.ok(body), texts)).vectors().size();
    }

    private static ModelFormat template(String request, String vectors, int texts) {
        return Formats.of(
                "http", "m", "request", request, "vectors", vectors, "texts-per-call", Integer.toString(texts));
    }

    private static String body(ModelFormat format, String... texts) {
        return new String(
                format.call(texts.length == 0 ? List.of("a") : List.of(texts)).body(), StandardCharsets.UTF_8);
    }
}
