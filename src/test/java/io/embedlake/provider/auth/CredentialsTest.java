package io.embedlake.provider.auth;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static io.embedlake.testing.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        AwsKeys keys = new AwsKeys(() -> SECRET, () -> SECRET, Optional.of(() -> SECRET));
        ClientCredentials client = client((url, form) -> new byte[0]);
        ExpiringToken token = new ExpiringToken(() -> new AccessToken(SECRET, clock.instant()), clock);
        token.headers(REQUEST);
        for (Object holder : List.of(
                HeaderKey.bearer(() -> SECRET),
                keys,
                new AwsSignature("us-east-1", "bedrock", keys, clock),
                new AccessToken(SECRET, clock.instant()),
                client,
                token,
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
        AccessToken token = client((url, form) -> {
                    assertEquals("https://login.microsoftonline.com/my-tenant/oauth2/v2.0/token", url.toString());
                    assertEquals(
                            "client_id=id&client_secret=a%26b%3D&grant_type=client_credentials&scope=https%3A%2F%2Fx%2F.default",
                            form);
                    return "{\"access_token\":\"t\",\"expires_in\":3599}".getBytes(StandardCharsets.UTF_8);
                })
                .fetch();

        assertEquals(new AccessToken("t", clock.instant().plusSeconds(3599)), token);
    }

    @Test
    void aRefusalOfAClientIsASettingAndSilenceIsNot() {
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot get an access token: login.microsoftonline.com (invalid_client)."
                        + " Check the client's id, its secret and the scope.",
                () -> client((url, form) -> "{\"error\":\"invalid_client\",\"error_description\":\"a&b= is wrong\"}"
                                .getBytes(StandardCharsets.UTF_8))
                        .fetch());
        assertRefused(
                ErrorKind.TRANSIENT,
                "Cannot get an access token: login.microsoftonline.com (no reply). Check the network.",
                () -> client((url, form) -> {
                            throw new IOException("reset");
                        })
                        .fetch());
    }

    private ClientCredentials client(ClientCredentials.FormPost post) {
        return new ClientCredentials(
                ClientCredentials.entra("my-tenant"), "id", () -> "a&b=", "https://x/.default", post, clock);
    }

    private static final class Counter implements TokenFetcher {
        private final Clock clock;
        private final Duration life;
        private int count;

        Counter(Clock clock, Duration life) {
            this.clock = clock;
            this.life = life;
        }

        @Override
        public AccessToken fetch() {
            count++;
            return new AccessToken("token-" + count, clock.instant().plus(life));
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
