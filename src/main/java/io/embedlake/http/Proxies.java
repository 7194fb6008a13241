package io.embedlake.http;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
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
import java.util.function.Supplier;
import java.util.stream.Stream;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Which proxy stands before which server: that of the job, else those of the environment, else those of the JVM; none before this machine
 * itself. A proxy that asks for a password gets it in the way that HTTP calls Basic. Immutable and thread-safe, as far as the JVM's own
 * settings are; printing it shows no password.
 */
public final class Proxies {
    private static final String LOGIN = "Proxy-Authorization";
    private static final String KEY = "proxy.address";

    private final Map<String, Server> byScheme;
    private final List<String> exceptions;

    private Proxies(Map<String, Server> byScheme, List<String> exceptions) {
        this.byScheme = Map.copyOf(byScheme);
        this.exceptions = List.copyOf(exceptions);
    }

    /** A proxy, the key or the variable that names it, and its login, if it needs one. */
    private record Server(Proxy proxy, String source, Optional<Login> login) {}

    /** A name and where its password comes from, which is looked up when a proxy asks for it. */
    private record Login(String user, Supplier<String> password) {
        static Login of(String userInfo) {
            String[] parts = userInfo.split(":", 2);
            String password = parts.length > 1 ? decoded(parts[1]) : "";
            return new Login(decoded(parts[0]), () -> password);
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        }

        String header() {
            return Credentials.basic(user, password.get());
        }
    }

    /** No proxy but those of the JVM. */
    public static Proxies none() {
        return new Proxies(Map.of(), List.of());
    }

    /**
     * The proxies of an environment: {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY}, and the hosts in
     * {@code NO_PROXY}, which are asked directly: names, with what is below them, each with a port if need be, or {@code *}.
     * Names in small letters come first, as everywhere.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a variable has no address of a proxy
     */
    public static Proxies of(Map<String, String> environment) {
        Map<String, Server> servers = new HashMap<>();
        for (String scheme : List.of("http", "https")) {
            Stream.of(scheme + "_proxy", "all_proxy")
                    .flatMap(name -> Stream.of(name, name.toUpperCase(Locale.ROOT)))
                    .filter(name -> !environment.getOrDefault(name, "").isBlank())
                    .findFirst()
                    .ifPresent(name -> servers.put(
                            scheme,
                            server(name, "variable", environment.get(name).strip())));
        }
        String excepted = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
        return new Proxies(
                servers,
                Stream.of(excepted.split(","))
                        .map(text -> text.strip().toLowerCase(Locale.ROOT))
                        .filter(text -> !text.isEmpty())
                        .toList());
    }

    /**
     * The same with one proxy that a job names, which comes first.
     *
     * @param address {@code http://host:port} or {@code socks5://host:port}, without user and password
     * @param user who logs in; empty where the proxy needs no login
     * @param password of that user, looked up when the proxy asks for it
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is no address of a proxy
     */
    public Proxies with(String address, Optional<String> user, Supplier<String> password) {
        Server named = server(KEY, "key", address);
        if (named.login().isPresent()) {
            throw refused(KEY, "key", "it holds a user or a password", "Set proxy.user and proxy.password.");
        }
        Server server = new Server(named.proxy(), KEY, user.map(name -> new Login(name, password)));
        return new Proxies(Map.of("http", server, "https", server), exceptions);
    }

    /** Lets a client's connections go through them. */
    public OkHttpClient.Builder through(OkHttpClient.Builder client) {
        return client.proxySelector(selector())
                .proxyAuthenticator((route, challenge) -> login(challenge, route.proxy()));
    }

    /** The key, the variable or the property that names the proxy before an address; empty where it is reached directly. */
    public Optional<String> source(URI address) {
        if (proxies(address).stream().allMatch(Proxy.NO_PROXY::equals)) {
            return Optional.empty();
        }
        Server server = byScheme.get(address.getScheme());
        return Optional.of(server == null ? address.getScheme() + ".proxyHost of Java" : server.source());
    }

    /** What an HTTP client asks. */
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

    private Request login(Response challenge, Proxy proxy) {
        boolean wasRefused = challenge.request().header(LOGIN) != null
                // A challenge that the client makes up to log in with the first request.
                && !"OkHttp-Preemptive".equals(challenge.header("Proxy-Authenticate"));
        return byScheme.values().stream()
                .filter(server -> !wasRefused && server.proxy().equals(proxy))
                .flatMap(server -> server.login().stream())
                .findFirst()
                .map(login -> challenge
                        .request()
                        .newBuilder()
                        .header(LOGIN, login.header())
                        .build())
                .orElse(null);
    }

    private List<Proxy> proxies(URI address) {
        if (Loopback.isHost(String.valueOf(address.getHost())) || isExcepted(address)) {
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

    private static Server server(String name, String kind, String value) {
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
                        name,
                        Optional.ofNullable(address.getRawUserInfo()).map(Login::of));
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            // Told below, without the value: it may hold a password.
        }
        throw refused(
                name,
                kind,
                "its value is not of the form http://host:port or socks5://host:port",
                "Change the " + kind + ".");
    }

    private static EmbedlakeException refused(String name, String kind, String rule, String remedy) {
        String source = kind.equals("key") ? "the key " + name : name;
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION, "Cannot use the proxy: " + source + " (" + rule + "). " + remedy);
    }
}
