package io.embedlake.remote.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.remote.format.Goldens;
import io.embedlake.spi.Sha256;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

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
        Outgoing published = new Outgoing(
                example.path("method").asText(),
                URI.create("https://" + host + example.path("uri").asText()),
                headers,
                body);

        String service = example.path("service").asText();
        assertEquals(
                example.path("authorization").asText(),
                expected(published, headers, service),
                "the test's own signature");
        headers.keySet().removeIf(name -> name.startsWith("X-Amz-"));
        Outgoing request = new Outgoing(published.method(), published.url(), headers, body);
        Map<String, String> added = new AwsSignature("us-east-1", service, keys(), CLOCK).headers(request);

        added.forEach((name, value) -> {
            if (!name.equals("Authorization")) {
                headers.put(name, value);
            }
        });
        assertEquals(expected(request, headers, service), added.get("Authorization"));
    }

    @Test
    void addsDateHashOfTheBodyAndSessionAndSignsThem() {
        Outgoing request = new Outgoing(
                "POST",
                URI.create(
                        "https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.titan-embed-text-v2%3A0/invoke"),
                Map.of(),
                "{}".getBytes(StandardCharsets.UTF_8));

        Map<String, String> headers = new AwsSignature("us-east-1", "bedrock", keys(), CLOCK).headers(request);

        assertEquals("20150830T123600Z", headers.get("X-Amz-Date"));
        assertEquals(Sha256.hex(request.body()), headers.get("x-amz-content-sha256"));
        assertFalse(headers.containsKey("Host"), headers.toString());
        assertEquals("session", headers.get("X-Amz-Security-Token"));
        assertTrue(
                headers.get("Authorization")
                        .contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,"),
                headers.get("Authorization"));
    }

    /** Amazon's description of its signatures, written down once more. */
    private static String expected(Outgoing request, Map<String, String> headers, String service) {
        SortedMap<String, String> signed = new TreeMap<>();
        headers.forEach((name, value) ->
                signed.put(name.toLowerCase(Locale.ROOT), value.strip().replaceAll(" +", " ")));
        signed.put("host", request.url().getHost());
        String names = String.join(";", signed.keySet());
        String canonical = canonical(request, signed, names, Sha256.hex(request.body()));
        String scope = "20150830/us-east-1/" + service + "/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n20150830T123600Z\n" + scope + "\n"
                + Sha256.hex(canonical.getBytes(StandardCharsets.UTF_8));
        byte[] signing = ("AWS4" + KEY).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {"20150830", "us-east-1", service, "aws4_request"}) {
            signing = hmac(signing, part);
        }
        return "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/" + scope + ", SignedHeaders=" + names + ", Signature="
                + HexFormat.of().formatHex(hmac(signing, toSign));
    }

    /** The request in the one way of writing it that both sides agree on. */
    private static String canonical(
            Outgoing request, SortedMap<String, String> headers, String names, String bodyHash) {
        String path = request.url().getRawPath();
        String lines = headers.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                .collect(Collectors.joining());
        return request.method() + "\n" + (path.isEmpty() ? "/" : encoded(path)) + "\n" + query(request.url()) + "\n"
                + lines + "\n" + names + "\n" + bodyHash;
    }

    /** Percent signs are encoded too, so that an encoded path is encoded twice. */
    private static String encoded(String path) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain =
                    c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "-_.~/".indexOf(c) >= 0;
            encoded.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return encoded.toString();
    }

    private static String query(URI url) {
        String query = url.getRawQuery();
        return query == null || query.isEmpty()
                ? ""
                : Arrays.stream(query.split("&"))
                        .map(pair -> pair.contains("=") ? pair : pair + "=")
                        .sorted(Comparator.comparing((String pair) -> pair.substring(0, pair.indexOf('=')))
                                .thenComparing(Comparator.naturalOrder()))
                        .collect(Collectors.joining("&"));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    static AwsKeys keys() {
        return () -> AwsSessionCredentials.create("AKIDEXAMPLE", KEY, "session");
    }
}
