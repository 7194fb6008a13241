package io.embedlake.remote.auth;

import io.embedlake.remote.auth.token.AccessToken;
import io.embedlake.remote.auth.token.TokenFetcher;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A bearer token, fetched on first use, renewed shortly before it expires and when the server refuses it; concurrent callers share one
 * fetch. Thread-safe.
 */
public final class ExpiringToken implements Credentials {
    /** A token must outlive the call that it is sent with. */
    private static final Duration MARGIN = Duration.ofMinutes(2);

    private static final String HEADER = "Authorization";

    private final TokenFetcher fetcher;
    private final CachedCredential<AccessToken> held;

    public ExpiringToken(TokenFetcher fetcher, Clock clock) {
        this.fetcher = Objects.requireNonNull(fetcher);
        this.held = new CachedCredential<>(fetcher::fetch, token -> Optional.of(token.expiresAt()), MARGIN, clock);
    }

    @Override
    public Map<String, String> headers(Outgoing request) {
        return Map.of(HEADER, header(held.get()));
    }

    /** Drops the current token only if it is the refused one, not when another caller has replaced it since. */
    @Override
    public boolean renew(Map<String, String> refused) {
        String header = refused.getOrDefault(HEADER, "");
        held.drop(token -> header(token).equals(header));
        return true;
    }

    @Override
    public String advice(String reason) {
        return RefusedKey.advice(reason, fetcher.remedy(), "A new one has, too: set this machine's clock.");
    }

    private static String header(AccessToken token) {
        return "Bearer " + HeaderKey.checked(HEADER, token.value());
    }

    @Override
    public String toString() {
        return "token that is renewed";
    }
}
