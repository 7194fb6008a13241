package io.embedlake.local.hub;

import io.embedlake.http.Proxies;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.HttpUrl;

/**
 * How the hub is reached and where its models are kept. Immutable; printing it shows no token.
 *
 * @param endpoint the hub or a mirror of it
 * @param cache the folder that holds {@code models--org--name}
 * @param token authenticates requests
 * @param proxies the proxies
 * @param timeout how long a connection, or a pause in an answer, may take
 * @param connectivity whether the hub may be asked at all
 */
public record HubSettings(
        URI endpoint, Path cache, HubToken token, Proxies proxies, Duration timeout, Connectivity connectivity) {
    private static final URI HUB = URI.create("https://huggingface.co");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{([^}]*)\\}|([A-Za-z0-9_]+))");

    /** Whether connections are allowed. */
    public enum Connectivity {
        /** Uses the hub, and falls back to the cache when the hub is unreachable. */
        ONLINE,
        /** Only the cache is used; no connection is opened. */
        OFFLINE
    }

    /**
     * Checks the endpoint.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is no address of a server
     */
    public HubSettings {
        // Not URI's host: URI rejects underscores, which names in private networks have.
        HttpUrl address = HttpUrl.parse(endpoint.toString());
        boolean hasLogin = String.valueOf(endpoint.getRawAuthority()).contains("@");
        if (address == null || endpoint.getRawAuthority() == null || hasLogin) {
            throw badEndpoint(hasLogin ? "(hidden)" : endpoint.toString());
        }
    }

    /**
     * The settings of an environment, with the meaning that its variables have in Python: {@code HF_ENDPOINT},
     * {@code HF_HUB_CACHE}, {@code HF_HOME}, {@code XDG_CACHE_HOME}, {@code HF_TOKEN}, {@code HF_TOKEN_PATH},
     * {@code HF_HUB_DISABLE_IMPLICIT_TOKEN}, {@code HF_HUB_OFFLINE}, {@code HF_HUB_DOWNLOAD_TIMEOUT}, the older names of
     * some of them, and those of {@link Proxies#of}. A variable that is set to nothing counts as not set.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a variable has a value that means nothing
     */
    public static HubSettings of(Map<String, String> environment) {
        Path home = home(environment);
        return new HubSettings(
                first(environment, "HF_ENDPOINT").map(HubSettings::endpoint).orElse(HUB),
                first(environment, "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")
                        .map(text -> path(text, environment))
                        .orElse(home.resolve("hub")),
                token(environment, home),
                Proxies.of(environment),
                first(environment, "HF_HUB_DOWNLOAD_TIMEOUT")
                        .map(HubSettings::seconds)
                        .orElse(TIMEOUT),
                isTrue(environment, "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
                        ? Connectivity.OFFLINE
                        : Connectivity.ONLINE);
    }

    /** The same with another origin of the token. */
    public HubSettings withToken(HubToken other) {
        return new HubSettings(endpoint, cache, other, proxies, timeout, connectivity);
    }

    /** The same through other proxies. */
    public HubSettings withProxies(Proxies other) {
        return new HubSettings(endpoint, cache, token, other, timeout, connectivity);
    }

    boolean isOffline() {
        return connectivity == Connectivity.OFFLINE;
    }

    private static Path home(Map<String, String> environment) {
        return first(environment, "HF_HOME")
                .map(text -> path(text, environment))
                .orElseGet(() -> first(environment, "XDG_CACHE_HOME")
                        .map(text -> path(text, environment))
                        .orElse(Path.of(System.getProperty("user.home"), ".cache"))
                        .resolve("huggingface"));
    }

    private static HubToken token(Map<String, String> environment, Path home) {
        if (isTrue(environment, "HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
            return HubToken.none();
        }
        return first(environment, "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
                .map(HubToken::of)
                .orElseGet(() -> HubToken.in(first(environment, "HF_TOKEN_PATH")
                        .map(text -> path(text, environment))
                        .orElse(home.resolve("token"))));
    }

    /** With {@code ~} and variables replaced, as Python does it. */
    private static Path path(String text, Map<String, String> environment) {
        boolean isBelowHome = text.equals("~") || text.startsWith("~/");
        String whole = isBelowHome ? System.getProperty("user.home") + text.substring(1) : text;
        return Path.of(VARIABLE.matcher(whole)
                .replaceAll(match -> Matcher.quoteReplacement(environment.getOrDefault(
                        match.group(1) == null ? match.group(2) : match.group(1), match.group()))));
    }

    private static URI endpoint(String text) {
        try {
            return new URI(text.replaceFirst("/+$", ""));
        } catch (URISyntaxException e) {
            // Without the cause, which repeats the text.
            throw badEndpoint(text.contains("@") ? "(hidden)" : text);
        }
    }

    private static Duration seconds(String text) {
        if (!text.matches("[1-9][0-9]{0,6}")) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the variable HF_HUB_DOWNLOAD_TIMEOUT: " + text
                            + " (a whole number of seconds, at least 1). Change it.");
        }
        return Duration.ofSeconds(Long.parseLong(text));
    }

    private static boolean isTrue(Map<String, String> environment, String... names) {
        return first(environment, names)
                .filter(text -> TRUE.contains(text.toUpperCase(Locale.ROOT)))
                .isPresent();
    }

    private static Optional<String> first(Map<String, String> environment, String... names) {
        return Stream.of(names)
                .map(name -> environment.getOrDefault(name, "").strip())
                .filter(text -> !text.isEmpty())
                .findFirst();
    }

    private static EmbedlakeException badEndpoint(String shown) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot use the endpoint of the hub: " + shown
                        + " (http:// or https:// and a host, without user and password). Change HF_ENDPOINT.");
    }
}
