package io.embedlake.provider.platform;

import io.embedlake.provider.auth.Credentials;
import io.embedlake.provider.auth.Outgoing;
import io.embedlake.provider.client.Signer;
import io.embedlake.provider.wire.Call;
import java.net.URI;
import java.util.Map;

/**
 * Signs calls with credentials. Thread-safe as they are.
 *
 * @param credentials of the job
 */
record KeySigner(Credentials credentials) implements Signer {
    @Override
    public Map<String, String> sign(URI address, Call call) {
        return credentials.headers(new Outgoing("POST", address, call.headers(), call.body()));
    }

    @Override
    public boolean refresh(Map<String, String> refused) {
        return credentials.renew(refused);
    }

    @Override
    public String advice(String reason) {
        return credentials.advice(reason);
    }
}
