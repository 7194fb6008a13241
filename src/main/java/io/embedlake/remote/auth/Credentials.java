package io.embedlake.remote.auth;

import java.util.Map;

/** Authenticates calls. Prints no secret. Thread-safe. */
public interface Credentials {
    /** The headers that sign a request, to be added to it. */
    Map<String, String> headers(Outgoing request);

    /**
     * Reports that the server refused them.
     *
     * @param refused what {@link #headers} had given for the request
     * @return whether other ones can be had, so that trying once more makes sense
     */
    default boolean renew(Map<String, String> refused) {
        return false;
    }

    /**
     * The cause of a refusal that renewal did not resolve, and the remedy.
     *
     * @param reason the server's words
     * @return to be read after the reason: a rule, a bracket that ends, a sentence
     */
    default String advice(String reason) {
        return RefusedKey.advice(
                reason, "Change api-key, or what the key may do.", "Put a new one where api-key says.");
    }
}
