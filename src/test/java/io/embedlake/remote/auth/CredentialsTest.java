package io.embedlake.remote.auth;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static io.embedlake.testing.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.remote.auth.token.AccessToken;
import io.embedlake.remote.auth.token.ClientCredentials;
import io.embedlake.remote.auth.token.GoogleFile;
import io.embedlake.remote.auth.token.MetadataToken;
import io.embedlake.remote.auth.token.TokenFetcher;
import io.embedlake.remote.auth.token.TokenHttp;
import io.embedlake.remote.auth.token.TokenRequest;
import io.embedlake.remote.auth.token.TokenServer;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
    private static final String SECRET = "s3cr3t-value";
    private static final Outgoing REQUEST =
            new Outgoing("POST", URI.create("https://api.example.com/v1?x=1"), Map.of(), new byte[0]);

    private final TickingClock clock = new TickingClock();

    @Test
    void keysStandInTheHeaderOfTheirProvider() {
        assertEquals(
                Map.of("Authorization", "Bearer " + SECRET),
                HeaderKey.bearer(() -> SECRET).headers(REQUEST));
        assertEquals(Map.of("api-key", SECRET), HeaderKey.azure(() -> SECRET).headers(REQUEST));
        assertEquals(
                Map.of("x-goog-api-key", SECRET), HeaderKey.google(() -> SECRET).headers(REQUEST));
        assertEquals(
                Map.of("X-Token", SECRET),
                HeaderKey.named("X-Token", () -> SECRET).headers(REQUEST));
        assertEquals(Map.of(), new Anonymous().headers(REQUEST));
        assertFalse(HeaderKey.bearer(() -> SECRET).renew(Map.of()));
    }

    @Test
    void aLineEndBehindAKeyDoesNotEndTheHeader() {
        assertEquals(
                Map.of("api-key", SECRET),
                HeaderKey.azure(() -> SECRET + "\r\n").headers(REQUEST));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "line\nX-Other: 1", "kéy"})
    void aSecretThatNoHeaderCanHoldIsRefusedWithoutBeingShown(String secret) {
        EmbedlakeException refused =
                assertMisconfigured(() -> HeaderKey.azure(() -> secret).headers(REQUEST), "api-key");

        assertTrue(secret.isBlank() || !refused.getMessage().contains(secret), refused.getMessage());
    }

    @Test
    void nothingThatHoldsASecretPrintsIt() {
        ClientCredentials client = client(request -> answer(200, ""));
        ExpiringToken token = new ExpiringToken(new Counter(clock, Duration.ZERO), clock);
        token.headers(REQUEST);
        for (Object holder : List.of(
                HeaderKey.bearer(() -> SECRET),
                new AwsSignature("us-east-1", "bedrock", AwsSignatureTest.keys(), clock),
                new AccessToken(SECRET, clock.instant()),
                client,
                token,
                answer(200, SECRET),
                GoogleFile.of("{\"refresh_token\":\"" + SECRET + "\"}"),
                MetadataToken.azure(
                        Map.of("IDENTITY_ENDPOINT", "http://localhost/token", "IDENTITY_HEADER", SECRET),
                        Optional.empty(),
                        "s",
                        "",
                        request -> answer(200, SECRET),
                        clock),
                new TokenRequest(
                        URI.create("https://a.example/?key=" + SECRET),
                        "POST",
                        Map.of("k", SECRET),
                        "text/plain",
                        SECRET,
                        TokenRequest.Reach.FAR),
                new GoogleAccess(() -> SECRET, file -> client, clock),
                new Outgoing(
                        "POST",
                        URI.create("https://a.example/?key=" + SECRET),
                        Map.of("k", SECRET),
                        SECRET.getBytes(StandardCharsets.UTF_8)))) {
            assertFalse(holder.toString().contains(SECRET), holder.getClass().getName());
        }
    }

    @Test
    void aTokenIsFetchedOnceAndAgainBeforeItExpires() {
        Counter fetched = new Counter(clock, Duration.ofHours(1));
        ExpiringToken token = new ExpiringToken(fetched, clock);

        Map<String, String> first = token.headers(REQUEST);
        clock.pass(Duration.ofMinutes(57));
        assertEquals(first, token.headers(REQUEST));
        clock.pass(Duration.ofMinutes(2));
        assertNotEquals(first, token.headers(REQUEST));
        assertEquals(2, fetched.count);
    }

    @Test
    void aRefusedTokenIsReplacedOnceHoweverManyCallersSayItWasRefused() {
        Counter fetched = new Counter(clock, Duration.ofHours(1));
        ExpiringToken token = new ExpiringToken(fetched, clock);
        Map<String, String> refused = token.headers(REQUEST);

        assertTrue(token.renew(refused));
        Map<String, String> second = token.headers(REQUEST);
        assertTrue(token.renew(refused));

        assertEquals(second, token.headers(REQUEST));
        assertEquals(Map.of("Authorization", "Bearer token-2"), second);
        assertEquals(2, fetched.count);
    }

    @Test
    void aClientSendsItsIdAndSecretAsAFormAndTakesTheToken() {
        AccessToken token = client(request -> {
                    assertEquals(
                            "https://login.microsoftonline.com/my-tenant/oauth2/v2.0/token",
                            request.url().toString());
                    assertEquals(
                            "client_id=id&client_secret=a%26b%3D&grant_type=client_credentials&scope=https%3A%2F%2Fx%2F.default",
                            request.body());
                    return answer(200, "{\"access_token\":\"t\",\"expires_in\":3599}");
                })
                .fetch();

        assertEquals(new AccessToken("t", clock.instant().plusSeconds(3599)), token);
    }

    @Test
    void aClientOfDatabricksStandsInAHeader() {
        TokenServer workspace = new TokenServer(
                URI.create("https://a.cloud.databricks.com/oidc/v1/token"), "all-apis", TokenServer.Place.HEADER);
        TokenHttp http = request -> {
            assertEquals("grant_type=client_credentials&scope=all-apis", request.body());
            assertEquals(
                    Map.of(
                            "Authorization",
                            "Basic "
                                    + Base64.getEncoder().encodeToString("id:secret".getBytes(StandardCharsets.UTF_8))),
                    request.headers());
            return answer(200, "{\"access_token\":\"t\"}");
        };

        AccessToken token = new ClientCredentials(workspace, "id", () -> "secret", http, clock).fetch();

        assertEquals(new AccessToken("t", clock.instant().plusSeconds(3600)), token);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            invalid_client      | AADSTS7000215: Invalid client secret provided.  | Change client-secret or client-id.
            invalid_client      | AADSTS7000222: The provided keys are expired.   | Make a new one, and change client-secret.
            invalid_request     | AADSTS90002: Tenant 'x' not found.              | Change tenant.
            unauthorized_client | AADSTS700016: Application not found.            | Change client-id or tenant.
            invalid_scope       | AADSTS70011: The provided value is not valid.   | Change token-scope.
            invalid_client      | Client authentication failed                    | Change client-secret or client-id.
            access_denied       | No.                                             | Check client-id, client-secret
            """)
    void aRefusalOfAClientNamesTheKeyToChange(String code, String description, String remedy) {
        EmbedlakeException refused = assertMisconfigured(
                () -> client(request -> answer(
                                400,
                                "{\"error\":\"" + code + "\",\"error_description\":\"" + description
                                        + " a&b= was sent\"}"))
                        .fetch(),
                "Cannot get an access token: login.microsoftonline.com answers HTTP 400, " + code,
                remedy);

        assertFalse(refused.getMessage().contains("a&b="), refused.getMessage());
    }

    @Test
    void anAddressThatGivesOutNoTokensIsASettingAndSilenceIsNot() {
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot get an access token: login.microsoftonline.com answers HTTP 404, no token in the answer (there is"
                        + " nobody who gives out tokens at this address). Change token-endpoint, tenant or endpoint.",
                () -> client(request -> answer(404, "<html>Not found</html>")).fetch());
        assertRefused(
                ErrorKind.TRANSIENT,
                "Cannot get an access token: login.microsoftonline.com (no answer; reset). Check the network, and"
                        + " token-endpoint where it is set, or run it again later.",
                () -> client(request -> {
                            throw new IOException("reset");
                        })
                        .fetch());
    }

    @Test
    void aTokenThatIsStillGoodIsUsedOnWhileNoOtherCanBeHad() {
        Counter fetched = new Counter(clock, Duration.ofHours(1));
        ExpiringToken token = new ExpiringToken(fetched, clock);
        Map<String, String> first = token.headers(REQUEST);
        fetched.isDown = true;

        clock.pass(Duration.ofMinutes(59));
        assertEquals(first, token.headers(REQUEST));
        clock.pass(Duration.ofMinutes(2));
        assertRefused(ErrorKind.TRANSIENT, "Cannot get an access token: down.", () -> token.headers(REQUEST));
        fetched.isDown = false;
        assertEquals(Map.of("Authorization", "Bearer token-2"), token.headers(REQUEST));
    }

    @Test
    void aKeyThatWasReplacedSinceIsTriedOnceMore() {
        StringBuilder kept = new StringBuilder("old");
        HeaderKey key = HeaderKey.bearer(kept::toString);
        Map<String, String> refused = key.headers(REQUEST);

        assertFalse(key.renew(refused));
        kept.replace(0, 3, "new");
        assertTrue(key.renew(refused));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://login.example.com/token", "ftp://login.example.com", "https:///token", "https://a:b@c/d"
            })
    void secretsGoOverEncryptedConnectionsAlone(String url) {
        EmbedlakeException refused = assertMisconfigured(
                () -> new TokenServer(URI.create(url), "s", TokenServer.Place.FORM), "token-endpoint");

        assertFalse(refused.getMessage().contains("a:b"), refused.getMessage());
        assertEquals("s", new TokenServer(URI.create("http://127.0.0.1:1/t"), "s", TokenServer.Place.FORM).scope());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            HTTP 403 InvalidSignatureException: Signature expired: 20261123T070000Z is now earlier than 20261123T080000Z | clock
            HTTP 403 InvalidSignatureException: Credential should be scoped to a valid region, not 'us-east-1'.           | location
            HTTP 403 InvalidSignatureException: The request signature we calculated does not match                        | AWS_SECRET_ACCESS_KEY
            HTTP 403 ExpiredTokenException: The security token included in the request is expired                         | AWS_SESSION_TOKEN
            HTTP 403 UnrecognizedClientException: The security token included in the request is invalid.                  | AWS_ACCESS_KEY_ID
            """)
    void aRefusedSignatureNamesWhatToChange(String reason, String part) {
        String advice = new AwsSignature("eu-central-1", "bedrock", AwsSignatureTest.keys(), clock).advice(reason);

        assertTrue(advice.substring(advice.indexOf("). ")).contains(part), advice);
    }

    @Test
    void anExpiredKeyIsToBeReplacedWhereItIs() {
        assertEquals(
                "the key has expired). Put a new one where api-key says.",
                HeaderKey.bearer(() -> SECRET).advice("HTTP 401: token has expired"));
        assertTrue(HeaderKey.bearer(() -> SECRET)
                .advice("HTTP 401: Access token is missing, invalid, or have expired.")
                .startsWith("the provider refuses the key)."));
    }

    private ClientCredentials client(TokenHttp http) {
        TokenServer entra =
                new TokenServer(TokenServer.entra("my-tenant"), "https://x/.default", TokenServer.Place.FORM);
        return new ClientCredentials(entra, "id", () -> "a&b=", http, clock);
    }

    private static TokenHttp.Answer answer(int status, String body) {
        return new TokenHttp.Answer(status, body.getBytes(StandardCharsets.UTF_8));
    }

    private static final class Counter implements TokenFetcher {
        private final Clock clock;
        private final Duration life;
        private int count;
        private boolean isDown;

        Counter(Clock clock, Duration life) {
            this.clock = clock;
            this.life = life;
        }

        @Override
        public AccessToken fetch() {
            if (isDown) {
                throw new EmbedlakeException(ErrorKind.TRANSIENT, "Cannot get an access token: down.");
            }
            count++;
            return new AccessToken("token-" + count, clock.instant().plus(life));
        }

        @Override
        public String remedy() {
            return "Ask for another.";
        }
    }

    private static final class TickingClock extends Clock {
        private Instant now = Instant.parse("2026-11-23T00:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("nobody asks for it");
        }
    }
}
