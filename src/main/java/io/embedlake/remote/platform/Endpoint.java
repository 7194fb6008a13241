package io.embedlake.remote.platform;

import io.embedlake.http.Loopback;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.net.URI;
import java.util.Locale;

/**
 * Where calls go. Immutable.
 *
 * @param base the base URL, without a slash at its end
 */
public record Endpoint(URI base) {
    /** What a job names. */
    static Endpoint parse(String text) {
        try {
            URI base = new URI(text.strip().replaceAll("/+$", ""));
            boolean isHttp = "https".equals(base.getScheme()) || "http".equals(base.getScheme());
            if (isHttp && base.getHost() != null && base.getUserInfo() == null && base.getQuery() == null) {
                return new Endpoint(base);
            }
        } catch (java.net.URISyntaxException e) {
            throw refused(e);
        }
        throw refused(null);
    }

    /** Without the address, which may hold a secret by mistake. */
    private static EmbedlakeException refused(Exception cause) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot use the endpoint: it is no base URL (https://host/path without user, password or query)."
                        + " Change the key endpoint.",
                cause);
    }

    /** The host. */
    public String host() {
        return base.getHost().toLowerCase(Locale.ROOT);
    }

    /** Whether nothing leaves this machine. */
    public boolean isLoopback() {
        return Loopback.isHost(host());
    }

    /** Whether requests are sent in clear text over a network. */
    public boolean isReadable() {
        return base.getScheme().equals("http") && !isLoopback();
    }

    /** The base with this path at its end, where it is not there already. */
    Endpoint with(String path) {
        return base.getRawPath().endsWith(path) ? this : new Endpoint(URI.create(base + path));
    }

    /** The base for calls with such paths: what the path of a call repeats of the base, as in {@code /v1}, stands there once. */
    Endpoint before(String path) {
        String own = base.getRawPath();
        boolean repeats = !own.isEmpty() && path.startsWith(own + "/");
        String text = base.toString();
        return repeats ? new Endpoint(URI.create(text.substring(0, text.length() - own.length()))) : this;
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
