package io.embedlake.remote.auth.token;

import io.embedlake.http.Loopback;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A token issuer. Immutable.
 *
 * @param url where; encrypted, or on this machine
 * @param scope what the tokens are for
 * @param place where a client's secret stands
 */
public record TokenServer(URI url, String scope, Place place) {
    /** Where the id and the secret of a client stand in its request. Immutable. */
    public enum Place {
        /** In the form, as Entra documents it. */
        FORM,
        /** In the header of basic authentication, as Databricks documents it. */
        HEADER,
        /** In the form, as a signed client assertion, which Entra accepts in place of a secret. */
        ASSERTION
    }

    public TokenServer {
        requireSafe(url);
        Objects.requireNonNull(scope);
        Objects.requireNonNull(place);
    }

    /**
     * Where Entra gives out tokens to the clients of a tenant.
     *
     * @param tenant its id or domain
     */
    public static URI entra(String tenant) {
        return entra("https://login.microsoftonline.com/", tenant);
    }

    /**
     * The same in a sovereign cloud.
     *
     * @param authority the base address, such as {@code https://login.microsoftonline.us/}
     */
    public static URI entra(String authority, String tenant) {
        return URI.create(authority.replaceFirst("/*$", "/") + URLEncoder.encode(tenant, StandardCharsets.UTF_8)
                + "/oauth2/v2.0/token");
    }

    /** Requires encryption, so that no secret is sent in clear text. */
    static URI requireSafe(URI url) {
        boolean isOwn = url.getHost() != null && Loopback.isHost(url.getHost());
        boolean isSafe =
                "https".equals(url.getScheme()) && url.getHost() != null || "http".equals(url.getScheme()) && isOwn;
        if (!isSafe || url.getUserInfo() != null) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot ask for access tokens there: "
                            + Objects.requireNonNullElse(url.getHost(), "an address without a host")
                            + " (a secret goes to https alone, or to this machine). Change token-endpoint, or the token_uri of the"
                            + " service account.");
        }
        return url;
    }
}
