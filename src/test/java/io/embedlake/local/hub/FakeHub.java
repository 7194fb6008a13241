package io.embedlake.local.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server of our own that behaves like the hub: two listeners, the hub and its storage, which are different origins; large
 * files are redirected to the storage by signed addresses. Remembers every request. Thread-safe; closed by whoever made it.
 * Started alone, it serves folders.
 */
final class FakeHub implements AutoCloseable {
    static final String SIGNATURE = "Signature=secret-of-the-storage";

    private static final Pattern LISTING = Pattern.compile("/api/models/(.+)/revision/([^/]+)");
    /** Only Python asks for it: a check by hand that both read the same cache. */
    private static final Pattern TREE = Pattern.compile("/api/models/(.+)/tree/([^/]+)");

    private static final Pattern FILE = Pattern.compile("/(.+)/resolve/([^/]+)/(.+)");
    private static final Pattern STORED = Pattern.compile("/storage/(.+)/([0-9a-f]{40})/(.+)");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");

    static {
        // Otherwise each answer waits for the client's delayed acknowledgement. Read once, before the first server.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer hub;
    private final HttpServer storage;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, FakeRepository> repositories = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final List<Fault> faults = new CopyOnWriteArrayList<>();

    FakeHub() {
        this(0);
    }

    private FakeHub(int port) {
        hub = server(port, this::answerAsHub);
        storage = server(0, this::answerAsStorage);
    }

    /** A request that arrived. */
    record Call(String server, String method, String path, Map<String, String> headers) {
        boolean isFor(String method, String file) {
            return this.method.equals(method) && path.endsWith(file);
        }

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(java.util.Locale.ROOT), "");
        }
    }

    /** What is wrong with some answers. */
    interface Fault {
        /** Whether it took the answer over. */
        boolean strikes(Call call, HttpExchange exchange, Optional<byte[]> body) throws IOException;
    }

    /** Serves the folders below {@code org/name} of a folder: {@code FakeHub PORT FOLDER}. */
    public static void main(String[] arguments) throws IOException {
        FakeHub hub = new FakeHub(Integer.parseInt(arguments[0]));
        Path root = Path.of(arguments[1]);
        try (Stream<Path> files = Files.walk(root)) {
            Map<String, Map<String, byte[]>> models = new TreeMap<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path name = root.relativize(file);
                models.computeIfAbsent(name.subpath(0, 2).toString(), id -> new TreeMap<>())
                        .put(name.subpath(2, name.getNameCount()).toString(), Files.readAllBytes(file));
            }
            models.forEach((id, content) -> hub.add(id).commit(content));
        }
        System.out.println(hub.endpoint());
    }

    URI endpoint() {
        return URI.create("http://localhost:" + hub.getAddress().getPort());
    }

    FakeRepository add(String id) {
        FakeRepository repository = new FakeRepository(id);
        repositories.put(id, repository);
        return repository;
    }

    void fault(Fault fault) {
        faults.add(fault);
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    List<Call> calls(String method, String file) {
        return calls.stream().filter(call -> call.isFor(method, file)).toList();
    }

    /** Bytes of a file were asked for so often, of whoever had them. */
    long downloads(String file) {
        return calls("GET", file).stream()
                .filter(call -> call.server().equals(FakeRepository.isLarge(file) ? "storage" : "hub"))
                .count();
    }

    @Override
    public void close() {
        hub.stop(0);
        storage.stop(0);
        threads.shutdownNow();
    }

    /** Answers with a body of which only this many bytes are sent. */
    static void cut(HttpExchange exchange, byte[] body, int from, int bytes) throws IOException {
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (body.length - 1) + "/" + body.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, body.length - from);
        OutputStream out = exchange.getResponseBody();
        out.write(body, from, bytes);
        out.flush();
    }

    static void refuse(HttpExchange exchange, int status, Map<String, String> headers) throws IOException {
        headers.forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(status, -1);
    }

    /** From where a request wants a file. */
    static int from(Call call) {
        Matcher range = RANGE.matcher(call.header("Range"));
        return range.matches() ? Integer.parseInt(range.group(1)) : 0;
    }

    private interface Answer {
        void to(Call call, HttpExchange exchange) throws IOException;
    }

    private HttpServer server(int port, Answer answer) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.setExecutor(threads);
            server.createContext("/", exchange -> {
                try (exchange) {
                    Map<String, String> headers = new TreeMap<>();
                    exchange.getRequestHeaders()
                            .forEach((name, values) ->
                                    headers.put(name.toLowerCase(java.util.Locale.ROOT), String.join(",", values)));
                    Call call = new Call(
                            server == this.storage ? "storage" : "hub",
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getRawPath(),
                            headers);
                    calls.add(call);
                    answer.to(call, exchange);
                }
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answerAsHub(Call call, HttpExchange exchange) throws IOException {
        Matcher listing = LISTING.matcher(call.path());
        Matcher file = FILE.matcher(call.path());
        Matcher tree = TREE.matcher(call.path());
        if (tree.matches()) {
            FakeRepository shown = repositories.get(tree.group(1));
            send(call, exchange, shown.tree(shown.find(tree.group(2)).orElseThrow()));
            return;
        }
        boolean isListing = listing.matches();
        if (!isListing && !file.matches()) {
            refuse(exchange, 404, Map.of());
            return;
        }
        FakeRepository repository = repositories.get(isListing ? listing.group(1) : file.group(1));
        String name = isListing ? "" : decoded(file.group(3));
        Optional<String> commit = repository == null
                ? Optional.empty()
                : repository.find(decoded(isListing ? listing.group(2) : file.group(2)));
        Optional<byte[]> body = commit.flatMap(
                hash -> isListing ? Optional.of(repository.listing(hash)) : repository.content(hash, name));
        if (strikes(call, exchange, body)) {
            return;
        }
        Optional<FakeRepository.Refusal> refusal = repository == null
                ? Optional.of(FakeRepository.unknown(call))
                : repository.refusal(call, isListing, commit.isPresent(), body.isPresent());
        if (refusal.isPresent()) {
            refuse(exchange, refusal.get().status(), refusal.get().headers());
            return;
        }
        exchange.getResponseHeaders().set("X-Repo-Commit", commit.get());
        if (isListing) {
            send(call, exchange, body.get());
            return;
        }
        String etag = "\"" + FakeRepository.etag(name, body.get()) + "\"";
        if (FakeRepository.isLarge(name)) {
            exchange.getResponseHeaders().set("X-Linked-Etag", etag);
            exchange.getResponseHeaders().set("X-Linked-Size", Integer.toString(body.get().length));
            refuse(
                    exchange,
                    302,
                    Map.of(
                            "Location",
                            "http://127.0.0.1:" + storage.getAddress().getPort() + "/storage/" + repository.id() + "/"
                                    + commit.get() + "/" + name + "?" + SIGNATURE));
            return;
        }
        exchange.getResponseHeaders().set("ETag", etag);
        send(call, exchange, body.get());
    }

    private void answerAsStorage(Call call, HttpExchange exchange) throws IOException {
        Matcher file = STORED.matcher(call.path());
        if (!file.matches() || !SIGNATURE.equals(exchange.getRequestURI().getQuery())) {
            refuse(exchange, 403, Map.of());
            return;
        }
        Optional<byte[]> body = repositories.get(file.group(1)).content(file.group(2), decoded(file.group(3)));
        if (!strikes(call, exchange, body)) {
            exchange.getResponseHeaders().set("ETag", "\"the-storage-has-its-own\"");
            send(call, exchange, body.orElseThrow());
        }
    }

    private boolean strikes(Call call, HttpExchange exchange, Optional<byte[]> body) throws IOException {
        for (Fault fault : faults) {
            if (fault.strikes(call, exchange, body)) {
                return true;
            }
        }
        return false;
    }

    private static void send(Call call, HttpExchange exchange, byte[] body) throws IOException {
        int from = from(call);
        if (call.method().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(200, -1);
        } else if (from >= body.length && from > 0) {
            refuse(exchange, 416, Map.of("Content-Range", "bytes */" + body.length));
        } else {
            byte[] rest = Arrays.copyOfRange(body, from, body.length);
            if (from > 0) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + from + "-" + (body.length - 1) + "/" + body.length);
            }
            // Zero would mean a length that is not known.
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, rest.length == 0 ? -1 : rest.length);
            exchange.getResponseBody().write(rest);
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
