package io.embedlake.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.genai.Client;
import com.google.genai.errors.ClientException;
import com.google.genai.errors.ServerException;
import com.google.genai.types.BatchJob;
import com.google.genai.types.Content;
import com.google.genai.types.ContentEmbedding;
import com.google.genai.types.CreateEmbeddingsBatchJobConfig;
import com.google.genai.types.EmbedContentBatch;
import com.google.genai.types.EmbedContentConfig;
import com.google.genai.types.EmbeddingsBatchJobSource;
import com.google.genai.types.GetBatchJobConfig;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.InlinedEmbedContentResponse;
import com.google.genai.types.Part;
import io.embedlake.fake.settings.Fault;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.RateLimit;
import io.embedlake.fake.settings.Settings;
import io.embedlake.fake.settings.Unit;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client of Google judges the fake of the Gemini API. */
class GeminiTest {
    private static final String MODEL = "gemini-embedding-001";

    private final FakeProvider fake = FakeProvider.start(
            Settings.of(Provider.GEMINI).withKeys("g-test").withLimits(RateLimit.perMinute(Unit.REQUESTS, 100)),
            new HashedVectors(384));

    @AfterEach
    void close() {
        fake.close();
    }

    private List<ContentEmbedding> embed(String key, String model, List<String> texts, EmbedContentConfig config) {
        try (Client client = client(fake, key)) {
            return client.models.embedContent(model, texts, config).embeddings().orElseThrow();
        }
    }

    private List<ContentEmbedding> embed(List<String> texts) {
        return embed("g-test", MODEL, texts, EmbedContentConfig.builder().build());
    }

    @Test
    void itsClientReadsVectors() {
        List<ContentEmbedding> vectors = embed(List.of("Ruby", "Python", "JavaScript"));
        assertEquals(3, vectors.size());
        assertEquals(3072, vectors.get(0).values().orElseThrow().size());
        assertEquals(3, fake.stats().most("requests", "1s"));
    }

    @Test
    void shortenedVectorsAreNotOfLengthOne() {
        List<Float> values = embed(
                        "g-test",
                        MODEL,
                        List.of("Ruby"),
                        EmbedContentConfig.builder()
                                .outputDimensionality(768)
                                .taskType("RETRIEVAL_DOCUMENT")
                                .build())
                .get(0)
                .values()
                .orElseThrow();
        assertEquals(768, values.size());
        double squares = values.stream().mapToDouble(value -> value * value).sum();
        assertEquals(0.5, Math.sqrt(squares), 1e-4);
    }

    private static Client client(FakeProvider fake, String key) {
        return Client.builder()
                .apiKey(key)
                .httpOptions(HttpOptions.builder()
                        .baseUrl(fake.origin().toString())
                        .retryOptions(HttpRetryOptions.builder().attempts(1).build())
                        .build())
                .build();
    }

    @Test
    void itsClientRunsJobs() {
        try (FakeProvider patient =
                        FakeProvider.start(Settings.of(Provider.GEMINI).withBatchPolls(2), new HashedVectors(384));
                Client client = client(patient, "g-test")) {
            EmbeddingsBatchJobSource texts = EmbeddingsBatchJobSource.builder()
                    .inlinedRequests(EmbedContentBatch.builder()
                            .contents(Content.fromParts(Part.fromText("a")), Content.fromParts(Part.fromText("b")))
                            .config(EmbedContentConfig.builder()
                                    .outputDimensionality(128)
                                    .build())
                            .build())
                    .build();
            BatchJob job = client.batches.createEmbeddings(
                    MODEL,
                    texts,
                    CreateEmbeddingsBatchJobConfig.builder().displayName("job").build());
            String name = job.name().orElseThrow();
            assertEquals("JOB_STATE_PENDING", job.state().orElseThrow().toString());
            GetBatchJobConfig plain = GetBatchJobConfig.builder().build();
            assertEquals(
                    "JOB_STATE_RUNNING",
                    client.batches.get(name, plain).state().orElseThrow().toString());
            BatchJob done = client.batches.get(name, plain);
            assertEquals("JOB_STATE_SUCCEEDED", done.state().orElseThrow().toString());
            List<InlinedEmbedContentResponse> answers =
                    done.dest().orElseThrow().inlinedEmbedContentResponses().orElseThrow();
            assertEquals(2, answers.size());
            ContentEmbedding second =
                    answers.get(1).response().orElseThrow().embedding().orElseThrow();
            assertEquals(128, second.values().orElseThrow().size());
            assertEquals(1, patient.ledger().timesBilled("b"));
        }
    }

    @Test
    void largeJobsComeBackInAnotherOrder() {
        try (FakeProvider unlimited =
                FakeProvider.start(Settings.of(Provider.GEMINI).withDimension(4), new HashedVectors(4))) {
            Caller caller = new Caller(unlimited, "x-goog-api-key", "g-test");
            String lines = IntStream.range(0, 1000)
                    .mapToObj(i -> "{'request': {'content': {'parts': [{'text': 't" + i + "'}]}}, 'metadata': {'key': "
                            + i + "}}")
                    .collect(Collectors.joining(","));
            String name = caller.post(
                            "/v1beta/models/gemini-embedding-001:asyncBatchEmbedContent",
                            "{'batch': {'inputConfig': {'requests': {'requests': [" + lines + "]}}}}")
                    .json()
                    .path("name")
                    .asText();
            JsonNode answers = caller.get("/v1beta/" + name)
                    .json()
                    .at("/metadata/output/inlinedEmbedContentResponses/inlinedResponses");
            List<Integer> keys = IntStream.range(0, answers.size())
                    .mapToObj(i -> answers.get(i).at("/metadata/key").asInt())
                    .toList();
            List<Integer> inOrder = IntStream.range(0, 1000).boxed().toList();
            assertNotEquals(inOrder, keys);
            assertEquals(inOrder, keys.stream().sorted().toList());
        }
    }

    @Test
    void itsClientKnowsTheErrors() {
        ClientException badKey = assertThrows(
                ClientException.class,
                () -> embed(
                        "other",
                        MODEL,
                        List.of("x"),
                        EmbedContentConfig.builder().build()));
        assertEquals(400, badKey.code());
        assertTrue(badKey.getMessage().contains("API key not valid"), badKey.getMessage());
        ClientException unknown = assertThrows(
                ClientException.class,
                () -> embed(
                        "g-test",
                        "gemini-9",
                        List.of("x"),
                        EmbedContentConfig.builder().build()));
        assertEquals(404, unknown.code());
        ClientException tooMany = assertThrows(ClientException.class, () -> embed(Collections.nCopies(101, "x")));
        assertTrue(tooMany.getMessage().contains("at most 100 requests can be in one batch"), tooMany.getMessage());
        fake.next(Fault.UNAVAILABLE);
        assertEquals(
                503,
                assertThrows(ServerException.class, () -> embed(List.of("x"))).code());
    }

    @Test
    void eachTextCountsAsARequest() {
        embed(Collections.nCopies(60, "x"));
        Caller caller = new Caller(fake, "x-goog-api-key", "g-test");
        String one = "{'model': 'models/gemini-embedding-001', 'content': {'parts': [{'text': 'x'}]}}";
        Caller.Answer refused = caller.post(
                "/v1beta/models/gemini-embedding-001:batchEmbedContents",
                "{'requests': [" + String.join(",", Collections.nCopies(41, one)) + "]}");
        assertEquals(429, refused.status());
        assertEquals("", refused.header("Retry-After"));
        JsonNode error = refused.json().path("error");
        assertEquals("RESOURCE_EXHAUSTED", error.path("status").asText());
        JsonNode retry = error.path("details").get(1);
        assertEquals(
                "type.googleapis.com/google.rpc.RetryInfo", retry.path("@type").asText());
        assertTrue(retry.path("retryDelay").asText().matches("5\\ds"), retry.toString());
        assertTrue(error.path("message").asText().matches("(?s).*Please retry in 5\\d\\.\\d+s\\."), error.toString());
    }

    @Test
    void allPartsOfAContentGetOneVectorTogether() {
        Caller caller = new Caller(fake, "x-goog-api-key", "g-test");
        Caller.Answer answer = caller.post(
                "/v1beta/models/gemini-embedding-2:embedContent",
                "{'model': 'models/gemini-embedding-2', 'content': {'parts': [{'text': 'a'}, {'text': 'b'}]}}");
        assertEquals(3072, answer.json().path("embedding").path("values").size());
        assertEquals(1, fake.ledger().timesBilled("a\nb"));
        assertEquals(
                4,
                caller.post(
                                "/v1beta/models/gemini-embedding-2:countTokens",
                                "{'contents': [{'parts': [{'text': 'Hello, world!'}]}]}")
                        .json()
                        .path("totalTokens")
                        .asInt());
    }
}
