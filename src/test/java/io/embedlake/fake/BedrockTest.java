package io.embedlake.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.settings.Fault;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockruntime.model.InternalServerException;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/** The client of Amazon judges the fake of Bedrock, and signs what it sends. */
class BedrockTest {
    private static final String TITAN = "amazon.titan-embed-text-v2:0";

    private final FakeProvider fake = FakeProvider.start(
            Settings.of(Provider.BEDROCK).withKeys("AKIDEXAMPLE:very/secret+1"), new HashedVectors(384));

    @AfterEach
    void close() {
        fake.close();
    }

    private BedrockRuntimeClient client(String id, String secret) {
        return BedrockRuntimeClient.builder()
                .endpointOverride(fake.origin())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret)))
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(configuration -> configuration.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    private JsonNode invoke(String model, String body) {
        try (BedrockRuntimeClient client = client("AKIDEXAMPLE", "very/secret+1")) {
            return Json.parse(client.invokeModel(request -> request.modelId(model)
                            .contentType("application/json")
                            .body(SdkBytes.fromUtf8String(body.replace('\'', '"'))))
                    .body()
                    .asUtf8String());
        }
    }

    @Test
    void itsClientSignsAndReadsVectors() {
        JsonNode titan = invoke(TITAN, "{'inputText': 'Hello, world!', 'dimensions': 256, 'normalize': true}");
        assertEquals(256, titan.path("embedding").size());
        assertEquals(256, titan.path("embeddingsByType").path("float").size());
        assertEquals(4, titan.path("inputTextTokenCount").asInt());
        JsonNode cohere =
                invoke("cohere.embed-english-v3", "{'texts': ['Hello', 'World'], 'input_type': 'search_document'}");
        assertEquals(1024, cohere.path("embeddings").get(1).size());
        assertEquals("[\"hello\",\"world\"]", cohere.path("texts").toString());
        JsonNode nova = invoke(
                "amazon.nova-2-multimodal-embeddings-v1:0",
                "{'taskType': 'SINGLE_EMBEDDING', 'singleEmbeddingParams': {'embeddingPurpose': 'GENERIC_RETRIEVAL',"
                        + " 'embeddingDimension': 384, 'text': {'value': 'x', 'truncationMode': 'NONE'}}}");
        assertEquals(384, nova.path("embeddings").get(0).path("embedding").size());
        assertEquals(
                "TEXT", nova.path("embeddings").get(0).path("embeddingType").asText());
    }

    @Test
    void vectorsAreLongUnlessTheyAreNormalised() {
        JsonNode raw = invoke(TITAN, "{'inputText': 'x', 'normalize': false}");
        assertEquals(3, Caller.length(Caller.floats(raw.path("embedding"))), 1e-4);
        JsonNode unit = invoke(TITAN, "{'inputText': 'x'}");
        assertEquals(1, Caller.length(Caller.floats(unit.path("embedding"))), 1e-4);
    }

    @Test
    void wrongSignaturesAreRefused() {
        for (String[] key : new String[][] {
            {"AKIDEXAMPLE", "another/secret", "InvalidSignatureException"},
            {"AKIDUNKNOWN", "very/secret+1", "UnrecognizedClientException"}
        }) {
            try (BedrockRuntimeClient client = client(key[0], key[1])) {
                AwsServiceException refused = assertThrows(
                        AwsServiceException.class,
                        () -> client.invokeModel(request ->
                                request.modelId(TITAN).body(SdkBytes.fromUtf8String("{\"inputText\":\"x\"}"))));
                assertEquals(403, refused.statusCode());
                assertEquals(key[2], refused.awsErrorDetails().errorCode());
            }
        }
        assertEquals(
                "Missing Authentication Token",
                new Caller(fake, new String[0])
                        .post("/model/" + TITAN + "/invoke", "{'inputText': 'x'}")
                        .json()
                        .path("message")
                        .asText());
        assertEquals(0, fake.stats().rowsBilled());
    }

    @Test
    void itsClientKnowsTheErrors() {
        assertThrows(ValidationException.class, () -> invoke(TITAN, "{'inputText': ''}"));
        assertThrows(ValidationException.class, () -> invoke(TITAN, "{'inputText': '" + "x".repeat(50_001) + "'}"));
        assertThrows(ValidationException.class, () -> invoke("amazon.titan-embed-text-v9", "{'inputText': 'x'}"));
        String texts = IntStream.range(0, 97).mapToObj(i -> "'t'").collect(Collectors.joining(","));
        ValidationException tooMany = assertThrows(
                ValidationException.class,
                () -> invoke("cohere.embed-english-v3", "{'texts': [" + texts + "], 'input_type': 'search_query'}"));
        assertTrue(tooMany.getMessage().contains("expected maximum item count: 96, found: 97"), tooMany.getMessage());
        fake.next(Fault.RATE, Fault.SERVER_ERROR);
        assertThrows(ThrottlingException.class, () -> invoke(TITAN, "{'inputText': 'x'}"));
        assertThrows(InternalServerException.class, () -> invoke(TITAN, "{'inputText': 'x'}"));
        fake.next(Fault.EXPIRED);
        AwsServiceException expired =
                assertThrows(AwsServiceException.class, () -> invoke(TITAN, "{'inputText': 'x'}"));
        assertEquals("ExpiredTokenException", expired.awsErrorDetails().errorCode());
        assertTrue(!(expired instanceof AccessDeniedException));
    }
}
