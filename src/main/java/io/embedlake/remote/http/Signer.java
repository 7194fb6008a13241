package io.embedlake.remote.http;

import io.embedlake.remote.format.Call;
import java.net.URI;
import java.util.Map;

/** Adds the secret to calls. Thread-safe; may block, because it is never called on the event loop. */
public interface Signer {
    /**
     * The headers that authorise a call.
     *
     * @param address the full address that it goes to
     */
    Map<String, String> sign(URI address, Call call);

    /**
     * Renews a refused secret; false if there is no other.
     *
     * @param refused what {@link #sign} had returned
     */
    boolean refresh(Map<String, String> refused);

    /**
     * The cause of a refusal that a new secret did not resolve, and the remedy.
     *
     * @param reason the provider's words
     * @return to be read after the reason: a rule, a bracket that ends, a sentence
     */
    default String advice(String reason) {
        return "the provider refuses the key). Change api-key, or what the key may do.";
    }

    /** For servers that need no secret. */
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
