package io.embedlake.provider.auth;

/** Gets a new access token from who gives them out. Thread-safe. */
public interface TokenFetcher {
    /**
     * A token that was not given out before.
     *
     * @throws io.embedlake.embed.EmbedlakeException when none is given
     */
    AccessToken fetch();
}
