package io.embedlake.fake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.MultipartField;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.embeddings.EmbeddingModel;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import io.embedlake.fake.settings.Fault;
import io.embedlake.fake.settings.Faults;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.RateLimit;
import io.embedlake.fake.settings.Settings;
import io.embedlake.fake.settings.Unit;
import io.embedlake.spi.Vectors;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client of OpenAI judges the fake of OpenAI. */
class OpenAiTest {
    private static final HashedVectors VECTORS = new HashedVectors(384);
    private static final Settings SETTINGS = Settings.of(Provider.OPENAI).withKeys("sk-test");

    private FakeProvider fake = FakeProvider.start(SETTINGS, VECTORS);

    private void restart(Settings settings) {
        fake.close();
        fake = FakeProvider.start(settings, VECTORS);
    }

    @AfterEach
    void close() {
        fake.close();
    }

    private OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(fake.baseUrl().toString())
                .apiKey(key)
                .maxRetries(0)
                .build();
    }

    private static EmbeddingCreateParams.Builder call(List<String> texts) {
        return EmbeddingCreateParams.builder()
                .model(EmbeddingModel.TEXT_EMBEDDING_3_SMALL)
                .inputOfArrayOfStrings(texts);
    }

    private CreateEmbeddingResponse embed(List<String> texts) {
        return client("sk-test").embeddings().create(call(texts).build());
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }

    @Test
    void itsClientReadsVectorsInBothForms() {
        List<String> texts = List.of("Ruby", "Python", "JavaScript");
        // The client asks for base64 unless it is told what to ask for.
        CreateEmbeddingResponse packed = embed(texts);
        CreateEmbeddingResponse plain = client("sk-test")
                .embeddings()
                .create(call(texts)
                        .encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
                        .build());
        assertEquals(3, packed.usage().promptTokens());
        assertEquals("text-embedding-3-small", packed.model());
        for (int i = 0; i < texts.size(); i++) {
            assertEquals(i, packed.data().get(i).index());
            float[] vector = floats(packed.data().get(i).embedding());
            assertEquals(1536, vector.length);
            assertEquals(1, Caller.length(vector), 1e-5);
            assertArrayEquals(vector, floats(plain.data().get(i).embedding()));
        }
        assertEquals(Map.of(200, 2), fake.stats().statuses());
    }

    @Test
    void aShorterVectorIsTheBeginningOfTheLongerOne() {
        float[] whole = floats(embed(List.of("Ruby")).data().get(0).embedding());
        float[] cut = floats(client("sk-test")
                .embeddings()
                .create(call(List.of("Ruby")).dimensions(256).build())
                .data()
                .get(0)
                .embedding());
        assertEquals(256, cut.length);
        assertEquals(1, Caller.length(cut), 1e-5);
        assertEquals(1, Vectors.cosine(cut, java.util.Arrays.copyOf(whole, 256)), 1e-6);
    }

    @Test
    void itsClientKnowsTheErrors() {
        assertThrows(UnauthorizedException.class, () -> client("sk-other")
                .embeddings()
                .create(call(List.of("Ruby")).build()));
        NotFoundException unknown = assertThrows(NotFoundException.class, () -> client("sk-test")
                .embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("text-embedding-9")
                        .input("Ruby")
                        .build()));
        assertEquals("model_not_found", unknown.code().orElseThrow());
        for (List<String> bad : List.of(
                List.of("good", ""),
                List.<String>of(),
                Collections.nCopies(2049, "x"),
                List.of("word ".repeat(8193)))) {
            assertThrows(BadRequestException.class, () -> embed(bad));
        }
        BadRequestException tooBig =
                assertThrows(BadRequestException.class, () -> embed(Collections.nCopies(38, "word ".repeat(8000))));
        assertEquals("max_tokens_per_request", tooBig.code().orElseThrow());
        assertEquals("max_tokens_per_request", tooBig.type().orElseThrow());
        assertTrue(tooBig.getMessage().contains("Requested 304000 tokens, max 300000 tokens per request"));
        assertEquals(0, fake.stats().rowsBilled());
    }

    @Test
    void aLimitIsHeldAndExplained() {
        restart(SETTINGS.withLimits(RateLimit.perMinute(Unit.REQUESTS, 2), RateLimit.perMinute(Unit.TOKENS, 1000)));
        embed(List.of("one"));
        embed(List.of("two"));
        RateLimitException refused = assertThrows(RateLimitException.class, () -> embed(List.of("three")));
        assertEquals("rate_limit_exceeded", refused.code().orElseThrow());
        assertEquals("requests", refused.type().orElseThrow());
        assertTrue(
                refused.getMessage()
                        .contains("on requests per min (RPM): Limit 2, Used 2, Requested 1. Please try again in "),
                refused.getMessage());
        long seconds = Long.parseLong(refused.headers().values("retry-after").get(0));
        assertTrue(seconds > 50 && seconds <= 60, refused.headers().toString());
        assertEquals(List.of("0"), refused.headers().values("x-ratelimit-remaining-requests"));
        assertEquals(List.of("998"), refused.headers().values("x-ratelimit-remaining-tokens"));
        assertEquals(3, fake.stats().most("requests", "60s"));
        assertEquals(0, fake.ledger().timesBilled("three"));
        assertEquals(1, fake.ledger().timesBilled("two"));
    }

    @Test
    void itsClientKnowsTheFaults() {
        fake.next(Fault.QUOTA, Fault.UNAVAILABLE, Fault.EXPIRED);
        RateLimitException quota = assertThrows(RateLimitException.class, () -> embed(List.of("x")));
        assertEquals("insufficient_quota", quota.code().orElseThrow());
        assertEquals(
                503,
                assertThrows(InternalServerException.class, () -> embed(List.of("x")))
                        .statusCode());
        assertThrows(UnauthorizedException.class, () -> embed(List.of("x")));
        fake.next(Fault.ERROR_IN_SUCCESS);
        CreateEmbeddingResponse empty = embed(List.of("x"));
        assertThrows(OpenAIInvalidDataException.class, empty::data);
        fake.next(Fault.SHUFFLED);
        List<String> texts = List.of("a", "b", "c", "d", "e", "f");
        List<Long> order = embed(texts).data().stream()
                .map(com.openai.models.embeddings.Embedding::index)
                .toList();
        assertEquals(Set.of(0L, 1L, 2L, 3L, 4L, 5L), Set.copyOf(order));
        assertTrue(!order.equals(List.of(0L, 1L, 2L, 3L, 4L, 5L)), order.toString());
        assertEquals(1, fake.ledger().timesBilled("a"));
    }

    @Test
    void keysExpireAfterTheirCalls() {
        restart(Settings.of(Provider.OPENAI).withCallsPerKey(2));
        embed(List.of("x"));
        embed(List.of("x"));
        assertThrows(UnauthorizedException.class, () -> embed(List.of("x")));
        assertEquals(
                1,
                client("sk-renewed")
                        .embeddings()
                        .create(call(List.of("x")).build())
                        .data()
                        .size());
        assertEquals(1, fake.stats().rowsBilledAgain());
    }

    @Test
    void aBatchIsUploadedPolledAndFetchedWithItsFailures() throws Exception {
        restart(SETTINGS.withBatchPolls(3).withFaults(Faults.of(0, 7, Set.of(Fault.SERVER_ERROR))));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            String text = i == 13 ? "" : "text " + i;
            lines.append("{\"custom_id\":\"row-")
                    .append(i)
                    .append("\",\"method\":\"POST\",\"url\":\"/v1/embeddings\",\"body\":{\"model\":"
                            + "\"text-embedding-3-small\",\"dimensions\":8,\"input\":\"")
                    .append(text)
                    .append("\"}}\n");
        }
        OpenAIClient client = client("sk-test");
        FileObject file = client.files()
                .create(FileCreateParams.builder()
                        .purpose(FilePurpose.BATCH)
                        .file(MultipartField.<InputStream>builder()
                                .value(new ByteArrayInputStream(lines.toString().getBytes(StandardCharsets.UTF_8)))
                                .filename("rows.jsonl")
                                .build())
                        .build());
        assertEquals(lines.length(), file.bytes());
        Batch batch = client.batches()
                .create(BatchCreateParams.builder()
                        .inputFileId(file.id())
                        .endpoint(BatchCreateParams.Endpoint.V1_EMBEDDINGS)
                        .completionWindow(BatchCreateParams.CompletionWindow._24H)
                        .build());
        assertEquals(Batch.Status.VALIDATING, batch.status());
        assertEquals(
                Batch.Status.IN_PROGRESS, client.batches().retrieve(batch.id()).status());
        assertEquals(
                Batch.Status.FINALIZING, client.batches().retrieve(batch.id()).status());
        Batch done = client.batches().retrieve(batch.id());
        assertEquals(Batch.Status.COMPLETED, done.status());
        assertEquals(19, done.requestCounts().orElseThrow().completed());
        assertEquals(1, done.requestCounts().orElseThrow().failed());

        Map<String, JsonNode> good = lines(client, done.outputFileId().orElseThrow());
        assertEquals(19, good.size());
        JsonNode body = good.get("row-5").path("response").path("body");
        assertEquals(8, Caller.floats(body.path("data").get(0).path("embedding")).length);
        Map<String, JsonNode> bad = lines(client, done.errorFileId().orElseThrow());
        assertEquals(Set.of("row-13"), bad.keySet());
        assertEquals(400, bad.get("row-13").path("response").path("status_code").asInt());
        assertThrows(OpenAIServiceException.class, () -> client.files().retrieve("file-unknown"));
    }

    private static Map<String, JsonNode> lines(OpenAIClient client, String file) throws Exception {
        Map<String, JsonNode> lines = new TreeMap<>();
        try (var content = client.files().content(file)) {
            String text = new String(content.body().readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.split("\n")) {
                JsonNode json = new com.fasterxml.jackson.databind.ObjectMapper().readTree(line);
                lines.put(json.path("custom_id").asText(), json);
            }
        }
        return lines;
    }
}
