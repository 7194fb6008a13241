package io.embedlake.remote.auth.token;

/** Gets a new access token from who gives them out. Thread-safe. */
public interface TokenFetcher {
    /**
     * A token that was not given out before.
     *
     * @throws io.embedlake.spi.EmbedlakeException when none is given
     */
    AccessToken fetch();

    /** What to do when a provider refuses such tokens, however new they are, as a sentence. */
    String remedy();
}
