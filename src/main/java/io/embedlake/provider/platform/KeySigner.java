package io.embedlake.provider.platform;

import io.embedlake.provider.auth.Credentials;
import io.embedlake.provider.auth.Outgoing;
import io.embedlake.provider.client.Signer;
import io.embedlake.provider.wire.Call;
import java.net.URI;
import java.util.Map;
import java.util.Objects;

/** Signs calls with credentials. Thread-safe. */
final class KeySigner implements Signer {
    private final Credentials credentials;
    private volatile Map<String, String> last = Map.of();

    KeySigner(Credentials credentials) {
        this.credentials = Objects.requireNonNull(credentials);
    }

    @Override
    public Map<String, String> sign(URI address, Call call) {
        Map<String, String> signature = credentials.headers(new Outgoing("POST", address, call.headers(), call.body()));
        last = signature;
        return signature;
    }

    @Override
    public boolean refresh() {
        return credentials.renew(last);
    }
}
