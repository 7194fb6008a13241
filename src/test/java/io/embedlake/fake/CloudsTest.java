package io.embedlake.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.azure.credential.AzureApiKeyCredential;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.UnauthorizedException;
import com.openai.models.embeddings.EmbeddingCreateParams;
import io.embedlake.fake.settings.Fault;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.RateLimit;
import io.embedlake.fake.settings.Settings;
import io.embedlake.fake.settings.Unit;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The formats of the providers that no client of theirs judges here, held to what was recorded or documented of them. */
class CloudsTest {
    private FakeProvider fake;

    private Caller start(Provider provider) {
        return start(provider, settings -> settings);
    }

    private Caller start(Provider provider, UnaryOperator<Settings> changes) {
        fake = FakeProvider.start(changes.apply(Settings.of(provider).withKeys("sk-test")), new HashedVectors(384));
        return new Caller(fake);
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
    void azureTakesTheDeploymentFromThePathOrTheBody() {
        Caller caller = start(Provider.AZURE, settings -> settings.withModels("mine"));
        String classic = "/openai/deployments/mine/embeddings?api-version=2024-10-21";
        Caller.Answer answer = new Caller(fake, "api-key", "sk-test").post(classic, "{'input': ['a', 'b']}");
        assertEquals(1536, answer.json().path("data").get(1).path("embedding").size());
        assertEquals("text-embedding-3-small", answer.json().path("model").asText());
        assertEquals("2", answer.header("num-tokens"));
        assertEquals(
                200,
                caller.post("/openai/v1/embeddings", "{'model': 'mine', 'input': 'a'}")
                        .status());
        assertEquals(
                "DeploymentNotFound",
                caller.post("/openai/v1/embeddings", "{'model': 'other', 'input': 'a'}")
                        .json()
                        .path("error")
                        .path("code")
                        .asText());
        assertAnswer(
                404,
                "{'error':{'code':'404','message':'Resource not found'}}",
                caller.post("/openai/deployments/mine/embeddings", "{'input': 'a'}"));
    }

    @Test
    void openAisClientWorksWithAzure() {
        start(Provider.AZURE);
        OpenAIClient client = OpenAIOkHttpClient.builder()
                .baseUrl(fake.baseUrl().toString())
                .credential(AzureApiKeyCredential.create("sk-test"))
                .maxRetries(0)
                .build();
        EmbeddingCreateParams call = EmbeddingCreateParams.builder()
                .model("mine")
                .input("a")
                .dimensions(64)
                .build();
        assertEquals(
                64, client.embeddings().create(call).data().get(0).embedding().size());
        fake.next(Fault.EXPIRED);
        assertThrows(UnauthorizedException.class, () -> client.embeddings().create(call));
    }

    @Test
    void azureOf2023TakesSixteenTexts() {
        Caller caller = start(Provider.AZURE_2023);
        String path = "/openai/deployments/embed/embeddings?api-version=2023-05-15";
        assertEquals(
                200, caller.post(path, "{'input': " + Caller.texts(16) + "}").status());
        Caller.Answer refused = caller.post(path, "{'input': " + Caller.texts(17) + "}");
        assertEquals(400, refused.status());
        assertTrue(refused.text().contains("Too many inputs. The max number of inputs is 16.  We hope"));
    }

    @Test
    void azureRefusesABurstLongBeforeTheMinuteIsUsedUp() {
        Caller caller = start(Provider.AZURE, settings -> settings.withLimits(RateLimit.perMinute(Unit.REQUESTS, 12)));
        String body = "{'model': 'mine', 'input': 'a'}";
        assertEquals(200, caller.post("/openai/v1/embeddings", body).status());
        assertEquals(200, caller.post("/openai/v1/embeddings", body).status());
        Caller.Answer refused = caller.post("/openai/v1/embeddings", body);
        assertEquals(429, refused.status());
        assertTrue(Integer.parseInt(refused.header("Retry-After")) <= 10);
        assertEquals(
                "RateLimitReached", refused.json().path("error").path("code").asText());
        fake.next(Fault.RETRY_AFTER_MIXED);
        Caller.Answer mixed = caller.post("/openai/v1/embeddings", body);
        assertEquals("1 and 0", mixed.header("Retry-After") + " and " + mixed.header("Retry-After-Ms"));
    }

    @Test
    void voyageCountsItsPromptsAndHasNoPromptTokens() {
        Caller caller = start(Provider.VOYAGE);
        JsonNode answer = caller.post(
                        "/v1/embeddings",
                        "{'model': 'voyage-4', 'input': ['a'], 'input_type': 'query', 'output_dimension': 256,"
                                + " 'output_dtype': 'int8', 'encoding_format': 'base64'}")
                .json();
        assertEquals("{\"total_tokens\":9}", answer.path("usage").toString());
        assertEquals(
                256,
                java.util.Base64.getDecoder()
                        .decode(answer.path("data").get(0).path("embedding").asText())
                        .length);
        assertAnswer(
                400,
                "{'detail':'Model x is not supported. Supported models are [voyage-3-large, voyage-3.5, voyage-3.5-lite,"
                        + " voyage-4, voyage-4-large, voyage-4-lite, voyage-code-3, voyage-finance-2, voyage-law-2].'}",
                caller.post("/v1/embeddings", "{'model': 'x', 'input': 'a'}"));
        assertAnswer(
                400,
                "{'detail':'The batch size limit is 1000. Your batch size is 1001.'}",
                caller.post("/v1/embeddings", "{'model': 'voyage-4', 'input': " + Caller.texts(1001) + "}"));
        Caller.Answer tooLong = caller.post(
                "/v1/embeddings",
                "{'model': 'voyage-4', 'truncation': false, 'input': ['a', " + Caller.words(32_001) + "]}");
        assertTrue(tooLong.text().contains("The example at index 1 in your batch has too many tokens"), tooLong.text());
        Caller.Answer tooMuch = caller.post(
                "/v1/embeddings",
                "{'model': 'voyage-4-large', 'input': ["
                        + String.join(
                                ",",
                                List.of(
                                        Caller.words(30_001),
                                        Caller.words(30_000),
                                        Caller.words(30_000),
                                        Caller.words(30_000)))
                        + "]}");
        assertTrue(tooMuch.text().contains("max allowed tokens per submitted batch is 120000. Your batch has 120001"));
    }

    @Test
    void mistralTellsApartTooManyTextsAndTooManyTokensByTheirMessage() {
        Caller caller =
                start(Provider.MISTRAL, settings -> settings.withLimits(RateLimit.perMinute(Unit.REQUESTS, 360)));
        Caller.Answer answer = caller.post("/v1/embeddings", "{'model': 'mistral-embed', 'input': ['Ruby', 'Python']}");
        assertEquals(1024, answer.json().path("data").get(1).path("embedding").size());
        assertTrue(answer.json().path("usage").path("prompt_audio_seconds").isNull());
        assertEquals(6, answer.json().path("usage").path("prompt_tokens").asInt());
        assertEquals("360", answer.header("x-ratelimit-limit-req-minute"));
        assertEquals("359", answer.header("x-ratelimit-remaining-req-minute"));
        String end = "'type':'invalid_request_prompt','param':null,'code':'3210'}";
        assertAnswer(
                400,
                "{'object':'error','message':'Too many inputs in request, split into more batches.'," + end,
                caller.post("/v1/embeddings", "{'model': 'mistral-embed', 'input': " + Caller.texts(257) + "}"));
        assertAnswer(
                400,
                "{'object':'error','message':'Too many tokens overall, split into more batches.'," + end,
                caller.post(
                        "/v1/embeddings",
                        "{'model': 'mistral-embed', 'input': [" + Caller.words(8190) + "," + Caller.words(8190)
                                + ",'a']}"));
        assertEquals(
                422,
                caller.post("/v1/embeddings", "{'model': 'mistral-embed', 'input': 'a', 'user': 'me'}")
                        .status());
        assertAnswer(
                401,
                "{'detail':'Invalid API Key'}",
                new Caller(fake, "Authorization", "Bearer other").post("/v1/embeddings", "{}"));
    }

    @Test
    void mistralRunsJobs() {
        Caller caller = start(Provider.MISTRAL);
        JsonNode job = caller.post(
                        "/v1/batch/jobs",
                        "{'endpoint': '/v1/embeddings', 'model': 'mistral-embed', 'requests': ["
                                + "{'custom_id': '0', 'body': {'input': ['a', 'b']}},"
                                + "{'custom_id': '1', 'body': {'input': []}}]}")
                .json();
        assertEquals("QUEUED", job.path("status").asText());
        JsonNode done = caller.get("/v1/batch/jobs/" + job.path("id").asText()).json();
        assertEquals("SUCCESS", done.path("status").asText());
        assertEquals(1, done.path("failed_requests").asInt());
        JsonNode line = caller.get("/v1/files/" + done.path("output_file").asText() + "/content")
                .json();
        assertEquals("0", line.path("custom_id").asText());
        assertEquals(2, line.path("response").path("body").path("data").size());
        assertEquals(1, fake.ledger().timesBilled("b"));
    }

    @Test
    void jinaNamesItsErrorsInBrackets() {
        Caller caller = start(Provider.JINA);
        JsonNode answer = caller.post(
                        "/v1/embeddings",
                        "{'model': 'jina-embeddings-v3', 'task': 'retrieval.passage', 'dimensions': 128,"
                                + " 'embedding_type': 'base64', 'normalized': true, 'input': [{'text': 'a'}, 'b']}")
                .json();
        assertEquals(128, Caller.floats(answer.path("data").get(1).path("embedding")).length);
        assertTrue(caller.post("/v1/embeddings", "{'model': 'x', 'input': 'a'}")
                .text()
                .contains("[INPUT_MODEL_NOT_FOUND]"));
        fake.next(Fault.QUOTA);
        Caller.Answer poor = caller.post("/v1/embeddings", "{'model': 'jina-embeddings-v3', 'input': 'a'}");
        assertEquals(403, poor.status());
        assertTrue(poor.text().contains("[AUTHZ_INSUFFICIENT_BALANCE]"), poor.text());
    }

    @Test
    void vertexSaysOfEachTextWhetherItWasCut() {
        Caller caller = start(Provider.VERTEX);
        String path = "/v1/projects/p/locations/europe-west1/publishers/google/models/text-embedding-005:predict";
        JsonNode predictions = caller.post(
                        path, "{'instances': [{'content': 'a b'}, {'content': " + Caller.words(3000) + "}]}")
                .json()
                .path("predictions");
        assertEquals(768, predictions.get(0).path("embeddings").path("values").size());
        assertEquals(
                "{\"token_count\":2,\"truncated\":false}",
                predictions.get(0).path("embeddings").path("statistics").toString());
        assertEquals(
                "{\"token_count\":2048,\"truncated\":true}",
                predictions.get(1).path("embeddings").path("statistics").toString());
        assertEquals(
                400,
                caller.post(
                                path,
                                "{'instances': [{'content': " + Caller.words(3000)
                                        + "}], 'parameters': {'autoTruncate': false}}")
                        .status());
        String gemini = path.replace("text-embedding-005", "gemini-embedding-001");
        assertEquals(
                400,
                caller.post(gemini, "{'instances': [{'content': 'a'}, {'content': 'b'}]}")
                        .status());
        assertEquals(
                "UNAUTHENTICATED",
                new Caller(fake, "Authorization", "Bearer old")
                        .post(path, "{}")
                        .json()
                        .path("error")
                        .path("status")
                        .asText());
    }

    @Test
    void databricksServesEndpointsByTwoAddresses() {
        Caller caller = start(Provider.DATABRICKS, settings -> settings.withModels("databricks-bge-large-en"));
        String path = "/serving-endpoints/databricks-bge-large-en/invocations";
        assertEquals(
                1024,
                caller.post(path, "{'input': ['a']}")
                        .json()
                        .path("data")
                        .get(0)
                        .path("embedding")
                        .size());
        assertEquals(
                200,
                caller.post("/serving-endpoints/embeddings", "{'model': 'databricks-bge-large-en', 'input': 'a'}")
                        .status());
        assertEquals(
                "RESOURCE_DOES_NOT_EXIST",
                caller.post("/serving-endpoints/other/invocations", "{'input': ['a']}")
                        .json()
                        .path("error_code")
                        .asText());
        Caller.Answer tooMany = caller.post(path, "{'input': " + Caller.texts(151) + "}");
        assertTrue(tooMany.text().contains("smaller than or equal to 150, but got 151"), tooMany.text());
        fake.next(Fault.RATE);
        assertEquals(
                "REQUEST_LIMIT_EXCEEDED",
                caller.post(path, "{'input': ['a']}").json().path("error_code").asText());
    }

    @Test
    void theRouterAnswersWithBareLists() {
        Caller caller = start(Provider.HUGGINGFACE, settings -> settings.withModels("org/model")
                .withColdStarts(1)
                .withLimits(RateLimit.perMinute(Unit.REQUESTS, 1)));
        String path = "/hf-inference/models/org/model/pipeline/feature-extraction";
        Caller.Answer cold = caller.post(path, "{'inputs': ['a']}");
        assertEquals(503, cold.status());
        assertEquals(20, cold.json().path("estimated_time").asInt());
        assertEquals(
                384, caller.post(path, "{'inputs': ['a', 'b']}").json().get(1).size());
        Caller.Answer refused = caller.post(path, "{'inputs': ['a']}");
        assertEquals(429, refused.status());
        assertTrue(refused.header("RateLimit").matches("\"api\";r=0;t=(59|60)"), refused.header("RateLimit"));
        assertEquals(
                404,
                caller.post(path.replace("model/", "other/"), "{'inputs': ['a']}")
                        .status());
    }
}
