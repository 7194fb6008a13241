package io.embedlake.provider.auth;

import io.embedlake.provider.auth.token.FormPost;
import io.embedlake.provider.auth.token.ServiceAccount;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What lets a caller into Google Cloud, as it is kept: an access token, or the key file of a service account, for which tokens are got.
 * Thread-safe.
 */
public final class GoogleAccess implements Credentials {
    private final Supplier<String> secret;
    private final FormPost post;
    private final Clock clock;
    private final HeaderKey token;
    private Optional<Account> current = Optional.empty();

    /** The tokens of a key file, which may be replaced. */
    private record Account(String json, ExpiringToken tokens) {}

    public GoogleAccess(Supplier<String> secret, FormPost post, Clock clock) {
        this.secret = Objects.requireNonNull(secret);
        this.post = Objects.requireNonNull(post);
        this.clock = Objects.requireNonNull(clock);
        this.token = HeaderKey.bearer(secret);
    }

    @Override
    public Map<String, String> headers(Outgoing request) {
        return credentials().headers(request);
    }

    @Override
    public boolean renew(Map<String, String> refused) {
        return credentials().renew(refused);
    }

    @Override
    public String advice(String reason) {
        return credentials().advice(reason);
    }

    private synchronized Credentials credentials() {
        String json = secret.get().strip();
        if (!json.startsWith("{")) {
            return token;
        }
        Account account = current.filter(known -> known.json().equals(json))
                .orElseGet(() -> new Account(json, new ExpiringToken(ServiceAccount.of(json, post, clock), clock)));
        current = Optional.of(account);
        return account.tokens();
    }

    @Override
    public String toString() {
        return "access to Google Cloud";
    }
}
