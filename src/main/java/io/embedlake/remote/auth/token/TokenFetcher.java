package io.embedlake.remote.auth.token;

/** Requests a new access token from its issuer. Thread-safe. */
public interface TokenFetcher {
    /**
     * A new token.
     *
     * @throws io.embedlake.spi.EmbedlakeException when none is issued
     */
    AccessToken fetch();

    /** What to do when a provider refuses even new tokens, as a sentence. */
    String remedy();
}
