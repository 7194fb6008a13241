package io.embedlake.remote.format;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.remote.format.bedrock.Bedrock;
import io.embedlake.remote.format.bedrock.TitanFormat;
import io.embedlake.remote.format.cohere.CohereFormat;
import io.embedlake.remote.format.cohere.InputType;
import io.embedlake.remote.format.cohere.Truncate;
import io.embedlake.remote.format.common.Encoding;
import io.embedlake.remote.format.common.Switch;
import io.embedlake.remote.format.google.GeminiFormat;
import io.embedlake.remote.format.google.TaskType;
import io.embedlake.remote.format.google.VertexFormat;
import io.embedlake.remote.format.http.TemplateFormat;
import io.embedlake.remote.format.huggingface.TeiFormat;
import io.embedlake.remote.format.ollama.OllamaFormat;
import io.embedlake.remote.format.openai.JinaFormat;
import io.embedlake.remote.format.openai.OpenAiFormat;
import io.embedlake.remote.format.openai.OpenAiFormat.Server;
import io.embedlake.remote.format.openai.VoyageFormat;
import io.embedlake.spi.ErrorKind;
import io.embedlake.testing.Refusals;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsOfFormatsTest {
    private static final OptionalInt NONE = OptionalInt.empty();

    @Test
    void thatAreLeftAloneAreNotSent() {
        assertEquals(
                "{\"input\":[\"a\"],\"model\":\"m\"}",
                body(OpenAiFormat.of(Server.COMPATIBLE, OpenAiFormat.Settings.of("m"))));
        assertEquals("{\"inputs\":[\"a\"]}", body(TeiFormat.of(TeiFormat.Settings.of("m"), TeiFormat.BUDGETS)));
        assertEquals("{\"model\":\"m\",\"input\":[\"a\"]}", body(OllamaFormat.of(OllamaFormat.Settings.of("m"))));
        assertEquals(
                "{\"inputText\":\"a\"}",
                body(TitanFormat.of(new TitanFormat.Settings("amazon.titan-embed-text-v1", NONE, Switch.DEFAULT))));
    }

    @Test
    void thatChangeVectorsAreInTheFingerprintAndOthersAreNot() {
        assertEquals(
                Map.of("api", "openai", "model", "m", "dimensions", "4"),
                OpenAiFormat.of(
                                Server.OPENAI,
                                new OpenAiFormat.Settings(
                                        "m", OptionalInt.of(4), Optional.of(Encoding.FLOAT), Optional.of("lake")))
                        .vectorOptions());
        assertEquals(
                Map.of("api", "cohere", "model", "m", "input-type", "search_query", "truncate", "START"),
                CohereFormat.of(new CohereFormat.Settings(
                                "m", InputType.SEARCH_QUERY, Truncate.START, NONE, NONE, Encoding.BASE64))
                        .vectorOptions());
        assertEquals(
                Map.of("api", "ollama", "model", "m", "truncate", "off", "context-tokens", "512"),
                OllamaFormat.of(new OllamaFormat.Settings(
                                "m", Switch.OFF, NONE, OptionalInt.of(512), Optional.of("5m")))
                        .vectorOptions());
        assertEquals(
                Map.of("api", "jina", "model", "m", "task", "text-matching", "normalized", "off"),
                JinaFormat.of(new JinaFormat.Settings(
                                "m", Optional.of("text-matching"), NONE, Switch.DEFAULT, Switch.OFF, Encoding.FLOAT))
                        .vectorOptions());
    }

    @Test
    void aSwitchSetToTheDefaultOfTheServerIsTheSameAsNone() {
        assertEquals(voyage(Switch.DEFAULT).vectorOptions(), voyage(Switch.ON).vectorOptions());
        assertEquals(body(voyage(Switch.DEFAULT)), body(voyage(Switch.ON)));
    }

    @Test
    void thatNoServerTakesAreRefusedWithTheRule() {
        Refusals.assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot use the option dimensions: 300 (256, 512, 1024 or 2048). Change it or leave it out.",
                () -> new VoyageFormat.Settings(
                        "voyage-3.5", Optional.empty(), Switch.DEFAULT, OptionalInt.of(300), Encoding.FLOAT));
        assertMisconfigured(
                () -> new OpenAiFormat.Settings(
                        "text-embedding-ada-002", OptionalInt.of(256), Optional.empty(), Optional.empty()),
                "dimensions: 256");
        assertMisconfigured(
                () -> new GeminiFormat.Settings("gemini-embedding-2", Optional.of(TaskType.CLUSTERING), NONE),
                "task-type");
        assertMisconfigured(
                () -> new VertexFormat.Settings(
                        "p", "global", "gemini-embedding-2", Optional.empty(), Switch.DEFAULT, NONE),
                "model: gemini-embedding-2");
        assertMisconfigured(
                () -> new TitanFormat.Settings("amazon.titan-embed-text-v1", NONE, Switch.OFF), "normalize: off");
        assertMisconfigured(() -> OpenAiFormat.Settings.of(" "), "model");
        assertMisconfigured(() -> OpenAiFormat.Settings.of("two\nlines"), "model");
        assertMisconfigured(() -> Bedrock.endpoint("eu.example.com/"), "region");
        assertMisconfigured(
                () -> OpenAiFormat.ofDeployment("d", "latest", OpenAiFormat.Settings.of("m")), "api-version: latest");
    }

    @Test
    void namesInPathsAreEncoded() {
        String path = OpenAiFormat.ofDeployment("a/b c?d*é~", "2024-10-21", OpenAiFormat.Settings.of("m"))
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
        ModelFormat format = new ExtraHeaders(voyage(Switch.DEFAULT), Map.of("X-Team", "team-7"));

        assertEquals(Map.of("X-Team", "team-7"), format.call(List.of("a")).headers());
        assertFalse(format.toString().contains("team-7"), format.toString());
    }

    @Test
    void headersThatHoldKeysOrLineEndsAreRefused() {
        assertMisconfigured(() -> new ExtraHeaders(voyage(Switch.DEFAULT), Map.of("API-Key", "x")), "API-Key");
        assertMisconfigured(() -> new ExtraHeaders(voyage(Switch.DEFAULT), Map.of("a b", "x")), "a b");
        assertMisconfigured(() -> new ExtraHeaders(voyage(Switch.DEFAULT), Map.of("X-A", "x\r\nY: z")), "X-A");
    }

    @Test
    void aCallHoldsNoMoreTextsThanItsBudget() {
        ModelFormat format = OpenAiFormat.of(Server.TEI, OpenAiFormat.Settings.of("m"));

        assertThrows(IllegalArgumentException.class, () -> format.call(List.of()));
        assertThrows(IllegalArgumentException.class, () -> format.call(Collections.nCopies(33, "a")));
    }

    private static int vectors(ModelFormat format, String body, int texts) {
        return ((Reading.Answer) format.read(Goldens.ok(body), texts)).vectors().size();
    }

    private static ModelFormat template(String request, String vectors, int texts) {
        return TemplateFormat.of(new TemplateFormat.Settings(
                "m", "", request, vectors, Optional.empty(), Optional.empty(), new Budgets(texts, 512, 4096, 100_000)));
    }

    private static ModelFormat voyage(Switch truncation) {
        return VoyageFormat.of(
                new VoyageFormat.Settings("voyage-3.5", Optional.empty(), truncation, NONE, Encoding.FLOAT));
    }

    private static String body(ModelFormat format, String... texts) {
        return new String(
                format.call(texts.length == 0 ? List.of("a") : List.of(texts)).body(), StandardCharsets.UTF_8);
    }
}
