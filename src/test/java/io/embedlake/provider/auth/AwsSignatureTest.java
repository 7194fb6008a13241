package io.embedlake.provider.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.embed.Sha256;
import io.embedlake.provider.wire.Goldens;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AwsSignatureTest {
    private static final String KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2015-08-30T12:36:00Z"), ZoneOffset.UTC);

    static Stream<JsonNode> published() {
        return Goldens.lines("aws-signatures", "cases.jsonl");
    }

    /** Cases of Amazon's own test suite whose parts agree with each other, and a model's path as botocore signs it. */
    @ParameterizedTest
    @MethodSource("published")
    void signsAsAmazonPublished(JsonNode example) {
        Map<String, String> headers = new HashMap<>();
        example.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText()));
        String host = headers.remove("Host");
        byte[] body = example.path("body").asText().getBytes(StandardCharsets.UTF_8);
        Outgoing request = new Outgoing(
                example.path("method").asText(),
                URI.create("https://" + host + example.path("uri").asText()),
                headers,
                body);

        String signed = new AwsSignature(
                        "us-east-1", example.path("service").asText(), () -> key(Optional.empty()), CLOCK)
                .authorisation(key(Optional.empty()), request, headers, "20150830T123600Z", Sha256.hex(body));

        assertEquals(example.path("authorization").asText(), signed);
    }

    @Test
    void addsDateHashOfTheBodyAndSessionAndSignsThem() {
        Outgoing request = new Outgoing(
                "POST",
                URI.create(
                        "https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.titan-embed-text-v2%3A0/invoke"),
                Map.of(),
                "{}".getBytes(StandardCharsets.UTF_8));

        Map<String, String> headers =
                new AwsSignature("us-east-1", "bedrock", () -> key(Optional.of("session")), CLOCK).headers(request);

        assertEquals("20150830T123600Z", headers.get("X-Amz-Date"));
        assertEquals(Sha256.hex(request.body()), headers.get("X-Amz-Content-Sha256"));
        assertEquals("session", headers.get("X-Amz-Security-Token"));
        assertTrue(
                headers.get("Authorization")
                        .contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,"),
                headers.get("Authorization"));
    }

    private static AwsKey key(Optional<String> session) {
        return new AwsKey("AKIDEXAMPLE", KEY, session, Optional.empty());
    }
}
