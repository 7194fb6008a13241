package io.embedlake.remote.auth;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.remote.auth.token.TokenHttp;
import io.embedlake.spi.EmbedlakeException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ServiceAccountTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-23T07:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Outgoing REQUEST =
            new Outgoing("POST", URI.create("https://aiplatform.example.com/v1"), Map.of(), new byte[0]);

    private static KeyPair keys;

    private final List<String> forms = new ArrayList<>();

    @BeforeAll
    static void makeKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
    }

    private static String file(String tokenUri) {
        String pem = "-----BEGIN PRIVATE KEY-----\\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(keys.getPrivate().getEncoded())
                        .replace("\n", "\\n")
                + "\\n-----END PRIVATE KEY-----\\n";
        return """
                {"type": "service_account", "project_id": "p", "private_key_id": "key-1", "private_key": "%s",
                 "client_email": "embed@p.iam.gserviceaccount.com", "client_id": "1", "token_uri": "%s"}"""
                .formatted(pem, tokenUri);
    }

    private GoogleAccess access(String secret, String answer) {
        TokenHttp http = request -> {
            assertEquals("https://oauth2.googleapis.com/token", request.url().toString());
            forms.add(request.body());
            return new TokenHttp.Answer(200, answer.getBytes(StandardCharsets.UTF_8));
        };
        return new GoogleAccess(() -> secret, file -> file.tokens(path -> "", http, CLOCK), CLOCK);
    }

    @Test
    void aKeyFileIsExchangedForATokenByASignedClaim() throws Exception {
        GoogleAccess access = access(
                file("https://oauth2.googleapis.com/token"), "{\"access_token\":\"ya29.x\",\"expires_in\":3599}");

        assertEquals(Map.of("Authorization", "Bearer ya29.x"), access.headers(REQUEST));
        assertEquals(Map.of("Authorization", "Bearer ya29.x"), access.headers(REQUEST));
        assertEquals(1, forms.size());

        Map<String, String> form = Arrays.stream(forms.get(0).split("&"))
                .map(pair -> pair.split("="))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        assertEquals("urn:ietf:params:oauth:grant-type:jwt-bearer", form.get("grant_type"));
        String[] parts = form.get("assertion").split("\\.");
        assertEquals(JSON.readTree("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"key-1\"}"), json(parts[0]));
        assertEquals(
                JSON.readTree(
                        """
                        {"iss": "embed@p.iam.gserviceaccount.com", "scope": "https://www.googleapis.com/auth/cloud-platform",
                         "aud": "https://oauth2.googleapis.com/token", "iat": %d, "exp": %d}"""
                                .formatted(NOW.getEpochSecond(), NOW.getEpochSecond() + 3600)),
                json(parts[1]));
        Signature check = Signature.getInstance("SHA256withRSA");
        check.initVerify(keys.getPublic());
        check.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertTrue(check.verify(Base64.getUrlDecoder().decode(parts[2])));
    }

    private static JsonNode json(String part) throws java.io.IOException {
        return JSON.readTree(Base64.getUrlDecoder().decode(part));
    }

    @Test
    void anAccessTokenIsSentAsItIs() {
        assertEquals(
                Map.of("Authorization", "Bearer ya29.own"),
                access("ya29.own\n", "{}").headers(REQUEST));
        assertEquals(List.of(), forms);
    }

    @Test
    void aRefusedTokenIsReplacedByAnother() {
        GoogleAccess access = access(
                file("https://oauth2.googleapis.com/token"), "{\"access_token\":\"ya29.x\",\"expires_in\":3599}");

        assertTrue(access.renew(access.headers(REQUEST)));
        access.headers(REQUEST);

        assertEquals(2, forms.size());
    }

    @Test
    void aKeyFileThatSendsItsClaimSomewhereReadableIsRefused() {
        for (String address : List.of("http://oauth2.googleapis.com/token", "https://", "no address")) {
            EmbedlakeException refused =
                    assertMisconfigured(() -> access(file(address), "{}").headers(REQUEST), "token_uri");
            assertFalse(refused.getMessage().contains("PRIVATE"), refused.getMessage());
        }
    }

    @Test
    void whatIsNoKeyFileIsRefused() {
        String user = "{\"type\": \"authorized_user\", \"refresh_token\": \"1//secret\"}";
        EmbedlakeException refused =
                assertMisconfigured(() -> access(user, "{}").headers(REQUEST), "it has no client_id", "api-key");
        assertFalse(refused.getMessage().contains("1//"), refused.getMessage());
        assertMisconfigured(
                () -> access("{\"type\": \"gdch_service_account\"}", "{}").headers(REQUEST),
                "files of type gdch_service_account are not known");
        assertMisconfigured(() -> access("{ no json", "{}").headers(REQUEST), "it has no type");
        assertMisconfigured(
                () -> access(file("https://a/t").replace("MII", "M!I"), "{}").headers(REQUEST),
                "private_key",
                "api-key");
    }

    @Test
    void refusalsOfGoogleAreTold() {
        String file = file("https://oauth2.googleapis.com/token");
        assertMisconfigured(
                () -> access(
                                file,
                                "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT: Token must be a short-lived"
                                        + " token (60 minutes) and in a reasonable timeframe.\"}")
                        .headers(REQUEST),
                "clock");
        assertMisconfigured(
                () -> access(file, "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}")
                        .headers(REQUEST),
                "Make a new key");
    }
}
