package io.embedlake.remote.http;

import io.embedlake.remote.format.Call;
import java.net.URI;
import java.util.Map;

/** Adds the secret to calls. Thread-safe; never called on a thread that others wait for, so it may wait itself. */
public interface Signer {
    /**
     * The headers that authorise a call.
     *
     * @param address the full address that it goes to
     */
    Map<String, String> sign(URI address, Call call);

    /**
     * Gets another secret, after one was refused; false where there is no other to be had.
     *
     * @param refused what {@link #sign} had returned
     */
    boolean refresh(Map<String, String> refused);

    /**
     * What is behind a refusal that no other secret has helped, and what to do.
     *
     * @param reason the provider's words
     * @return to be read after the reason: a rule, a bracket that ends, a sentence
     */
    default String advice(String reason) {
        return "the provider refuses the key). Change api-key, or what the key may do.";
    }

    /** For servers that ask for no secret. */
    static Signer none() {
        return new Signer() {
            @Override
            public Map<String, String> sign(URI address, Call call) {
                return Map.of();
            }

            @Override
            public boolean refresh(Map<String, String> refused) {
                return false;
            }
        };
    }
}
