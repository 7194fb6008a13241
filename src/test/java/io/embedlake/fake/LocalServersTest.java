package io.embedlake.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.fake.settings.Cap;
import io.embedlake.fake.settings.Fault;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The servers that people run themselves, held to their sources. */
class LocalServersTest {
    private FakeProvider fake;

    private Caller start(Settings settings) {
        fake = FakeProvider.start(settings, new HashedVectors(384));
        return new Caller(fake, new String[0]);
    }

    @AfterEach
    void close() {
        fake.close();
    }

    private static void assertAnswer(int status, String body, Caller.Answer answer) {
        assertEquals(status, answer.status(), answer.text());
        assertEquals(body.replace('\'', '"'), answer.text());
    }

    @Test
    void teiSaysWhatItTakes() {
        Caller caller = start(Settings.of(Provider.TEI).withCap(Cap.TEXTS, 8));
        JsonNode info = caller.get("/info").json();
        assertEquals(8, info.path("max_client_batch_size").asInt());
        assertEquals(512, info.path("max_input_length").asInt());
        assertTrue(info.path("auto_truncate").asBoolean());
        assertAnswer(
                422,
                "{'error':'batch size 9 > maximum allowed batch size 8','error_type':'Validation'}",
                caller.post("/embed", "{'inputs': " + Caller.texts(9) + "}"));
        assertAnswer(
                422,
                "{'message':'batch size 9 > maximum allowed batch size 8','code':422,'type':'Validation'}",
                caller.post("/v1/embeddings", "{'input': " + Caller.texts(9) + "}"));
        assertAnswer(
                400,
                "{'error':'`inputs` cannot be empty','error_type':'Empty'}",
                caller.post("/embed", "{'inputs': ['a', '']}"));
        assertAnswer(
                422,
                "{'error':'Input validation error: `inputs` must have less than 512 tokens. Given: 602',"
                        + "'error_type':'Validation'}",
                caller.post("/embed", "{'truncate': false, 'inputs': " + Caller.words(600) + "}"));
        assertAnswer(
                413,
                "Failed to buffer the request body: length limit exceeded",
                caller.post("/embed", "{'inputs': '" + "x".repeat(2_000_000) + "'}"));
    }

    @Test
    void teiGivesAVectorForEachTextOrToken() {
        Caller caller = start(Settings.of(Provider.TEI));
        Caller.Answer one = caller.post("/embed", "{'inputs': 'Hello, world!'}");
        assertEquals(1, one.json().size());
        assertEquals("6", one.header("x-compute-tokens"));
        assertEquals(1, Caller.length(Caller.floats(one.json().get(0))), 1e-5);
        JsonNode raw =
                caller.post("/embed", "{'inputs': 'a', 'normalize': false}").json();
        assertEquals(3, Caller.length(Caller.floats(raw.get(0))), 1e-4);
        JsonNode all =
                caller.post("/embed_all", "{'inputs': ['a', 'Hello, world!']}").json();
        assertEquals(3, all.get(0).size());
        assertEquals(6, all.get(1).size());
        assertEquals(384, all.get(1).get(5).size());
        JsonNode tokens =
                caller.post("/tokenize", "{'inputs': 'Hello, world!'}").json().get(0);
        assertEquals(6, tokens.size());
        assertEquals("world", tokens.get(3).path("text").asText());
        assertEquals("7-12", tokens.get(3).path("start") + "-" + tokens.get(3).path("stop"));
        assertTrue(tokens.get(0).path("special").asBoolean());
        JsonNode bytes =
                caller.post("/tokenize", "{'inputs': 'gr\u00fcn, blau'}").json().get(0);
        assertEquals("5-6", bytes.get(2).path("start") + "-" + bytes.get(2).path("stop"), "in bytes of UTF-8");
    }

    @Test
    void teiNeedsAPlaceForEachTextOfACall() {
        Caller caller = start(Settings.of(Provider.TEI).withConcurrency(4));
        assertEquals(
                200,
                caller.post("/embed", "{'inputs': " + Caller.texts(4) + "}").status());
        assertAnswer(
                429,
                "{'error':'Model is overloaded','error_type':'Overloaded'}",
                caller.post("/embed", "{'inputs': " + Caller.texts(5) + "}"));
        fake.next(Fault.NULL_ELEMENT);
        assertTrue(caller.post("/embed", "{'inputs': ['a']}").text().startsWith("[[null,"));
        assertEquals(
                2,
                fake.stats().faults().get("null-element")
                        + fake.stats().statuses().get(429));
    }

    @Test
    void ollamaAnswersAnEmptyTextWithNothing() {
        Caller caller = start(Settings.of(Provider.OLLAMA).withModels("all-minilm"));
        JsonNode two = caller.post("/api/embed", "{'model': 'all-minilm', 'input': ['a', 'b']}")
                .json();
        assertEquals(2, two.path("embeddings").size());
        assertEquals(2, two.path("prompt_eval_count").asInt());
        Caller.Answer nothing = caller.post("/api/embed", "{'model': 'all-minilm', 'input': ''}");
        assertEquals(200, nothing.status());
        assertEquals(0, nothing.json().path("embeddings").size());
        assertEquals(
                "{\"error\":\"model 'x' not found\"}",
                caller.post("/api/embed", "{'model': 'x', 'input': 'a'}").text());
        assertAnswer(
                400,
                "{'error':'the input length exceeds the context length'}",
                caller.post(
                        "/api/embed",
                        "{'model': 'all-minilm', 'truncate': false, 'input': " + Caller.words(2049) + "}"));
        fake.next(Fault.NAN_ELEMENT, Fault.UNAVAILABLE);
        assertAnswer(
                400,
                "{'error':'embedding contains NaN or Inf values'}",
                caller.post("/api/embed", "{'model': 'all-minilm', 'input': 'a'}"));
        assertEquals(
                503,
                caller.post("/api/embed", "{'model': 'all-minilm', 'input': 'a'}")
                        .status());
        JsonNode old = caller.post("/api/embeddings", "{'model': 'all-minilm', 'prompt': 'a'}")
                .json();
        assertEquals(3, Caller.length(Caller.floats(old.path("embedding"))), 1e-4);
        JsonNode missing =
                caller.post("/v1/embeddings", "{'model': 'x', 'input': 'a'}").json();
        assertEquals("not_found_error", missing.path("error").path("type").asText());
    }

    @Test
    void vllmHasNumbersForCodes() {
        Caller caller = start(Settings.of(Provider.VLLM).withModels("m"));
        JsonNode answer = caller.post(
                        "/v1/embeddings", "{'model': 'm', 'input': [[1, 2, 3], [4]], 'encoding_format': 'base64'}")
                .json();
        assertEquals(4, answer.path("usage").path("prompt_tokens").asInt());
        assertTrue(answer.path("id").asText().startsWith("embd-"));
        assertEquals(384, Caller.floats(answer.path("data").get(1).path("embedding")).length);
        JsonNode error = caller.post("/v1/embeddings", "{'model': 'm', 'input': " + Caller.words(513) + "}")
                .json()
                .path("error");
        assertTrue(error.path("message").asText().startsWith("This model's maximum context length is 512 tokens."));
        assertTrue(error.path("code").isInt());
        assertEquals(
                200,
                caller.post(
                                "/v1/embeddings",
                                "{'model': 'm', 'truncate_prompt_tokens': -1, 'input': " + Caller.words(513) + "}")
                        .status());
        assertEquals(
                404,
                caller.post("/v1/embeddings", "{'model': 'x', 'input': 'a'}").status());
    }

    @Test
    void llamaCallsATextThatIsTooLongAFailureOfItsOwn() {
        Caller caller = start(Settings.of(Provider.LLAMACPP));
        Caller.Answer tooLong = caller.post("/v1/embeddings", "{'input': " + Caller.words(992) + "}");
        assertEquals(500, tooLong.status());
        assertTrue(tooLong.text().contains("input (992 tokens) is too large to process. increase the physical batch"));
    }

    @Test
    void gatewaysHaveCapsOfTheirOwn() {
        Caller caller = start(Settings.of(Provider.VLLM).withCap(Cap.TEXTS, 10));
        Caller.Answer tooMany = caller.post("/v1/embeddings", "{'model': 'm', 'input': " + Caller.texts(11) + "}");
        assertEquals(400, tooMany.status());
        assertTrue(tooMany.text().contains("batch size is invalid, it should not be larger than 10."), tooMany.text());
    }
}
