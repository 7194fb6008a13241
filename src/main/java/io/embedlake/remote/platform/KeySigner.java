package io.embedlake.remote.platform;

import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.auth.Outgoing;
import io.embedlake.remote.format.Call;
import io.embedlake.remote.http.Signer;
import java.net.URI;
import java.util.Map;

/**
 * Signs calls with credentials. Thread-safe if they are.
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
