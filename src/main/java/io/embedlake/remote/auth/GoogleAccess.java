package io.embedlake.remote.auth;

import io.embedlake.remote.auth.token.GoogleFile;
import io.embedlake.remote.auth.token.TokenFetcher;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Stored access to Google Cloud: an access token, or a file of credentials that tokens are requested with. Thread-safe. */
public final class GoogleAccess implements Credentials {
    private static final String CHARGED = "x-goog-user-project";

    private final Supplier<String> secret;
    private final Function<GoogleFile, TokenFetcher> tokens;
    private final Clock clock;
    private final HeaderKey token;
    private Optional<Account> current = Optional.empty();

    /** The tokens of a file, which may be replaced. */
    private record Account(String json, Optional<String> charged, ExpiringToken tokens) {}

    /** @param tokens what gets the tokens of a file of credentials */
    public GoogleAccess(Supplier<String> secret, Function<GoogleFile, TokenFetcher> tokens, Clock clock) {
        this.secret = Objects.requireNonNull(secret);
        this.tokens = Objects.requireNonNull(tokens);
        this.clock = Objects.requireNonNull(clock);
        this.token = HeaderKey.bearer(secret);
    }

    /** With the project that the file charges for calls, which those of users need. */
    @Override
    public Map<String, String> headers(Outgoing request) {
        Optional<Account> account = account();
        Map<String, String> headers = new HashMap<>(credentials(account).headers(request));
        account.flatMap(Account::charged)
                .ifPresent(project -> headers.put(CHARGED, HeaderKey.checked(CHARGED, project)));
        return Map.copyOf(headers);
    }

    @Override
    public boolean renew(Map<String, String> refused) {
        return credentials(account()).renew(refused);
    }

    @Override
    public String advice(String reason) {
        return credentials(account()).advice(reason);
    }

    private Credentials credentials(Optional<Account> account) {
        return account.<Credentials>map(Account::tokens).orElse(token);
    }

    private synchronized Optional<Account> account() {
        String json = secret.get().strip();
        if (!json.startsWith("{")) {
            return Optional.empty();
        }
        current = current.filter(known -> known.json().equals(json)).or(() -> Optional.of(read(json)));
        return current;
    }

    private Account read(String json) {
        GoogleFile file = GoogleFile.of(json);
        return new Account(json, file.quotaProject(), new ExpiringToken(tokens.apply(file), clock));
    }

    @Override
    public String toString() {
        return "access to Google Cloud";
    }
}
