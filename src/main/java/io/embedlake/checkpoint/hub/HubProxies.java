package io.embedlake.checkpoint.hub;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which proxy stands before which server. Immutable and thread-safe, as far as the JVM's own settings are, which count where
 * the environment names no proxy; printing it shows no password.
 */
public final class HubProxies {
    private final Map<String, Server> byScheme;
    private final List<String> exceptions;

    private HubProxies(Map<String, Server> byScheme, List<String> exceptions) {
        this.byScheme = Map.copyOf(byScheme);
        this.exceptions = List.copyOf(exceptions);
    }

    /** A proxy, and {@code user:password} where it asks for them. */
    private record Server(Proxy proxy, Optional<String> login) {}

    /** No proxy but those of the JVM. */
    public static HubProxies none() {
        return new HubProxies(Map.of(), List.of());
    }

    /**
     * The proxies of an environment: {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY}, and the hosts in
     * {@code NO_PROXY}, which are asked directly: names, with what is below them, each with a port if need be, or {@code *}.
     * Names in small letters come first, as everywhere.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a variable has no address of a proxy
     */
    public static HubProxies of(Map<String, String> environment) {
        Map<String, Server> servers = new HashMap<>();
        for (String scheme : List.of("http", "https")) {
            Stream.of(scheme + "_proxy", "all_proxy")
                    .flatMap(name -> Stream.of(name, name.toUpperCase(Locale.ROOT)))
                    .filter(name -> !environment.getOrDefault(name, "").isBlank())
                    .findFirst()
                    .ifPresent(name -> servers.put(
                            scheme, server(name, environment.get(name).strip())));
        }
        String excepted = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
        return new HubProxies(
                servers,
                Stream.of(excepted.split(","))
                        .map(text -> text.strip().toLowerCase(Locale.ROOT))
                        .filter(text -> !text.isEmpty())
                        .toList());
    }

    /** What the HTTP client asks. */
    ProxySelector selector() {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI address) {
                return proxies(address);
            }

            @Override
            public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
                // The request fails and says so.
            }
        };
    }

    /** The {@code user:password} of a proxy. */
    Optional<String> login(Proxy proxy) {
        return byScheme.values().stream()
                .filter(server -> server.proxy().equals(proxy))
                .flatMap(server -> server.login().stream())
                .findFirst();
    }

    private List<Proxy> proxies(URI address) {
        if (isExcepted(address)) {
            return List.of(Proxy.NO_PROXY);
        }
        Server server = byScheme.get(address.getScheme());
        if (server != null) {
            return List.of(server.proxy());
        }
        ProxySelector ofJvm = ProxySelector.getDefault();
        return ofJvm == null ? List.of(Proxy.NO_PROXY) : ofJvm.select(address);
    }

    private boolean isExcepted(URI address) {
        // A name with an underscore is no host to URI, only an authority.
        String name = address.getHost() == null
                ? String.valueOf(address.getRawAuthority()).replaceFirst(":\\d*$", "")
                : address.getHost();
        String host = name.toLowerCase(Locale.ROOT);
        int standard = address.getScheme().equals("https") ? 443 : 80;
        String withPort = host + ":" + (address.getPort() < 0 ? standard : address.getPort());
        return exceptions.stream()
                .map(exception -> exception.replaceFirst("^\\*?\\.", ""))
                .anyMatch(exception -> exception.equals("*")
                        || Stream.of(host, withPort)
                                .anyMatch(text -> text.equals(exception) || text.endsWith("." + exception)));
    }

    private static Server server(String variable, String value) {
        try {
            URI address = new URI(value.contains("://") ? value : "http://" + value);
            Optional<Proxy.Type> type =
                    switch (String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT)) {
                        case "http" -> Optional.of(Proxy.Type.HTTP);
                        case "socks5", "socks5h" -> Optional.of(Proxy.Type.SOCKS);
                        default -> Optional.empty();
                    };
            if (type.isPresent() && address.getHost() != null) {
                int standard = type.get() == Proxy.Type.SOCKS ? 1080 : 80;
                int port = address.getPort() < 0 ? standard : address.getPort();
                return new Server(
                        new Proxy(type.get(), InetSocketAddress.createUnresolved(address.getHost(), port)),
                        Optional.ofNullable(address.getRawUserInfo())
                                .map(login -> URLDecoder.decode(login.replace("+", "%2B"), StandardCharsets.UTF_8)));
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            // Told below, without the value: it may hold a password.
        }
        throw new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot use the proxy: " + variable + " (its value is not of the form http://host:port or"
                        + " socks5://host:port). Change the variable.");
    }
}
