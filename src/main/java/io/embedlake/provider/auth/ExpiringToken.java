package io.embedlake.provider.auth;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.provider.auth.token.AccessToken;
import io.embedlake.provider.auth.token.TokenFetcher;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A bearer token that is fetched when it is first needed, again shortly before it expires, and again when the server refuses it; callers
 * at the same time share one fetch. Thread-safe.
 */
public final class ExpiringToken implements Credentials {
    /** A token must outlive the call that it is sent with. */
    private static final Duration MARGIN = Duration.ofMinutes(2);

    private static final String HEADER = "Authorization";

    private final TokenFetcher fetcher;
    private final Clock clock;
    private Optional<AccessToken> current = Optional.empty();

    public ExpiringToken(TokenFetcher fetcher, Clock clock) {
        this.fetcher = Objects.requireNonNull(fetcher);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public Map<String, String> headers(Outgoing request) {
        return Map.of(HEADER, header(token()));
    }

    /** A token that another caller has replaced since is simply the old one; the present one is dropped only when it was refused itself. */
    @Override
    public synchronized boolean renew(Map<String, String> refused) {
        String header = refused.getOrDefault(HEADER, "");
        current = current.filter(token -> !header(token).equals(header));
        return true;
    }

    /** One that is still good is used on while no other can be had in passing. */
    private synchronized AccessToken token() {
        Instant now = clock.instant();
        Optional<AccessToken> good = current.filter(held -> now.isBefore(held.expiresAt()));
        if (good.filter(held -> now.plus(MARGIN).isBefore(held.expiresAt())).isPresent()) {
            return good.get();
        }
        try {
            AccessToken token = fetcher.fetch();
            current = Optional.of(token);
            return token;
        } catch (EmbedlakeException e) {
            if (e.kind() == ErrorKind.TRANSIENT && good.isPresent()) {
                return good.get();
            }
            throw e;
        }
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
