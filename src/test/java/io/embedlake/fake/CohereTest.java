package io.embedlake.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cohere.api.Cohere;
import com.cohere.api.core.CohereApiException;
import com.cohere.api.core.RequestOptions;
import com.cohere.api.errors.BadRequestError;
import com.cohere.api.errors.NotFoundError;
import com.cohere.api.errors.TooManyRequestsError;
import com.cohere.api.errors.UnauthorizedError;
import com.cohere.api.resources.v2.requests.V2EmbedRequest;
import com.cohere.api.types.EmbedByTypeResponse;
import com.cohere.api.types.EmbedInputType;
import com.cohere.api.types.EmbeddingType;
import io.embedlake.fake.settings.Fault;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.RateLimit;
import io.embedlake.fake.settings.Settings;
import io.embedlake.fake.settings.Unit;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client of Cohere judges the fake of Cohere. */
class CohereTest {
    private final FakeProvider fake = FakeProvider.start(
            Settings.of(Provider.COHERE).withKeys("co-test").withLimits(RateLimit.perMinute(Unit.INPUTS, 200)),
            new HashedVectors(384));

    @AfterEach
    void close() {
        fake.close();
    }

    private EmbedByTypeResponse embed(String key, String model, List<String> texts, EmbeddingType... types) {
        // A client for each call: its counter of retries is never set back.
        Cohere client = Cohere.builder()
                .token(key)
                .url(fake.origin().toString())
                .maxRetries(0)
                .build();
        return client.v2()
                .embed(
                        V2EmbedRequest.builder()
                                .model(model)
                                .inputType(EmbedInputType.SEARCH_DOCUMENT)
                                .texts(texts)
                                .embeddingTypes(List.of(types))
                                .build(),
                        RequestOptions.builder().build());
    }

    private EmbedByTypeResponse embed(List<String> texts) {
        return embed("co-test", "embed-v4.0", texts, EmbeddingType.FLOAT);
    }

    @Test
    void itsClientReadsVectorsOfAllTypes() {
        EmbedByTypeResponse answer = embed(
                "co-test",
                "embed-english-v3.0",
                List.of("Ruby", "Python"),
                EmbeddingType.FLOAT,
                EmbeddingType.INT_8,
                EmbeddingType.UBINARY);
        assertEquals(List.of("Ruby", "Python"), answer.getTexts().orElseThrow());
        assertEquals(2, answer.getEmbeddings().getFloat().orElseThrow().size());
        assertEquals(
                1024, answer.getEmbeddings().getFloat().orElseThrow().get(0).size());
        List<Integer> whole = answer.getEmbeddings().getInt8().orElseThrow().get(1);
        assertTrue(whole.stream().allMatch(value -> value >= -128 && value <= 127));
        assertTrue(whole.stream().mapToInt(Math::abs).max().orElseThrow() > 40, whole.toString());
        assertEquals(
                128, answer.getEmbeddings().getUbinary().orElseThrow().get(0).size());
        assertEquals(
                2,
                answer.getMeta()
                        .orElseThrow()
                        .getBilledUnits()
                        .orElseThrow()
                        .getInputTokens()
                        .orElseThrow());
        assertEquals(1, fake.ledger().timesBilled("Ruby"));
    }

    @Test
    void itsClientKnowsTheErrors() {
        assertThrows(UnauthorizedError.class, () -> embed("other", "embed-v4.0", List.of("x"), EmbeddingType.FLOAT));
        assertThrows(NotFoundError.class, () -> embed("co-test", "embed-v9", List.of("x"), EmbeddingType.FLOAT));
        BadRequestError tooMany = assertThrows(BadRequestError.class, () -> embed(Collections.nCopies(97, "x")));
        assertTrue(
                tooMany.body().toString().contains("total number of texts must be at most 96 - received 97"),
                tooMany.body().toString());
        BadRequestError empty = assertThrows(BadRequestError.class, () -> embed(List.of("x", "")));
        assertTrue(
                empty.body().toString().contains("empty string at index 1"),
                empty.body().toString());
    }

    @Test
    void inputsAreWhatIsLimited() {
        embed(Collections.nCopies(96, "x"));
        embed(Collections.nCopies(96, "x"));
        TooManyRequestsError refused =
                assertThrows(TooManyRequestsError.class, () -> embed(Collections.nCopies(9, "x")));
        assertTrue(refused.headers().keySet().stream().noneMatch(name -> name.equalsIgnoreCase("retry-after")));
        embed(Collections.nCopies(8, "x"));
        assertEquals(209, fake.stats().most("inputs", "60s"));
        fake.next(Fault.OVERLOADED);
        assertEquals(
                529,
                assertThrows(CohereApiException.class, () -> embed(List.of("x")))
                        .statusCode());
    }

    @Test
    void theFirstVersionHasAFormOfItsOwn() {
        Caller caller = new Caller(fake, "Authorization", "Bearer co-test");
        Caller.Answer floats = caller.post(
                "/v1/embed",
                "{'model': 'embed-english-light-v3.0', 'input_type': 'search_query', 'texts': ['a b', 'c']}");
        assertEquals("embeddings_floats", floats.json().path("response_type").asText());
        assertEquals(384, floats.json().path("embeddings").path(1).size());
        assertEquals("3", floats.header("num-tokens"));
        Caller.Answer tokens = caller.post("/v1/tokenize", "{'model': 'embed-v4.0', 'text': 'Hello, world!'}");
        assertEquals(
                "[\"Hello\",\",\",\"world\",\"!\"]",
                tokens.json().path("token_strings").toString());
        assertEquals(4, tokens.json().path("tokens").size());
    }
}
