package io.embedlake.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.embedlake.fake.api.Api;
import io.embedlake.fake.api.cloud.AzureApi;
import io.embedlake.fake.api.cloud.BedrockApi;
import io.embedlake.fake.api.cloud.CohereApi;
import io.embedlake.fake.api.cloud.DatabricksApi;
import io.embedlake.fake.api.cloud.GeminiApi;
import io.embedlake.fake.api.cloud.JinaApi;
import io.embedlake.fake.api.cloud.MistralApi;
import io.embedlake.fake.api.cloud.OpenAiApi;
import io.embedlake.fake.api.cloud.RouterApi;
import io.embedlake.fake.api.cloud.VertexApi;
import io.embedlake.fake.api.cloud.VoyageApi;
import io.embedlake.fake.api.local.CompatibleApi;
import io.embedlake.fake.api.local.OllamaApi;
import io.embedlake.fake.api.local.TeiApi;
import io.embedlake.fake.http.Delivery;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Ledger;
import io.embedlake.fake.service.Pause;
import io.embedlake.fake.service.Service;
import io.embedlake.fake.service.Stats;
import io.embedlake.fake.settings.Fault;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * A server on the loopback that behaves like a provider of embeddings: its formats, limits, headers and errors, and on demand its faults.
 * {@code GET /_fake/stats} tells what it saw, and {@code ?_fault=cut} makes a request meet that fault. Thread-safe; closed by whoever started it.
 */
public final class FakeProvider implements AutoCloseable {
    private static final String STATS = "/_fake/stats";
    private static final String FAULT = "_fault";
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final int BACKLOG = 1024;

    static {
        // Otherwise each answer waits for the client's delayed acknowledgement. Read once, before the first server.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Settings settings;
    private final Ledger ledger;
    private final Service service;
    private final Api api;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fake-provider");
        thread.setDaemon(true);
        return thread;
    });
    private final Queue<Fault> next = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> seen = new ConcurrentHashMap<>();

    private FakeProvider(
            Settings settings,
            Function<String, float[]> vectors,
            int port,
            LongSupplier nanoTime,
            Clock clock,
            Pause pause) {
        this.settings = settings;
        ledger = new Ledger(nanoTime);
        int places =
                switch (settings.provider()) {
                    case TEI -> TeiApi.CONCURRENT_TEXTS;
                    case OLLAMA -> OllamaApi.CONCURRENT_CALLS;
                    default -> Integer.MAX_VALUE;
                };
        service = new Service(settings, vectors, ledger, clock, pause, places);
        api = api(settings.provider(), service);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), BACKLOG);
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot start a fake provider: port " + port
                            + " (it is taken, or not ours to take). Choose another one, or 0 for any that is free.",
                    e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /**
     * Starts a server on a free port.
     *
     * @param vectors the vector of a text, the same length for all; called by several threads
     */
    public static FakeProvider start(Settings settings, Function<String, float[]> vectors) {
        return start(settings, vectors, 0);
    }

    /** Starts a server on a port, 0 for any that is free. */
    public static FakeProvider start(Settings settings, Function<String, float[]> vectors, int port) {
        return new FakeProvider(
                effective(settings),
                vectors,
                port,
                System::nanoTime,
                Clock.systemUTC(),
                time -> Thread.sleep(time.toMillis()));
    }

    /** Starts a server for which time is what the test says it is. */
    static FakeProvider start(
            Settings settings, Function<String, float[]> vectors, LongSupplier nanoTime, Clock clock, Pause pause) {
        return new FakeProvider(effective(settings), vectors, 0, nanoTime, clock, pause);
    }

    private static Settings effective(Settings settings) {
        return switch (settings.provider()) {
            case AZURE, AZURE_2023 -> settings.withLimits(AzureApi.smoothed(settings.limits()));
            default -> settings;
        };
    }

    private static Api api(Provider provider, Service service) {
        return switch (provider) {
            case OPENAI -> new OpenAiApi(service);
            case AZURE -> new AzureApi(service, AzureApi.Version.CURRENT);
            case AZURE_2023 -> new AzureApi(service, AzureApi.Version.OF_2023);
            case COHERE -> new CohereApi(service);
            case HUGGINGFACE -> new RouterApi(service);
            case TEI -> new TeiApi(service);
            case VOYAGE -> new VoyageApi(service);
            case GEMINI -> new GeminiApi(service);
            case VERTEX -> new VertexApi(service);
            case MISTRAL -> new MistralApi(service);
            case JINA -> new JinaApi(service);
            case BEDROCK -> new BedrockApi(service);
            case DATABRICKS -> new DatabricksApi(service);
            case OLLAMA -> new OllamaApi(service);
            case VLLM -> new CompatibleApi(service, CompatibleApi.Flavour.VLLM);
            case LLAMACPP -> new CompatibleApi(service, CompatibleApi.Flavour.LLAMACPP);
        };
    }

    /** Scheme, host and port. */
    public URI origin() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What the provider's clients are given as its address. */
    public URI baseUrl() {
        return URI.create(origin() + settings.provider().basePath());
    }

    /** The next requests meet these faults, one each in this order, before any that are drawn. */
    public void next(Fault... faults) {
        next.addAll(List.of(faults));
    }

    /** What it saw. */
    public Ledger ledger() {
        return ledger;
    }

    /** The figures of what it saw. */
    public Stats stats() {
        return ledger.stats();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Request request = Delivery.receive(exchange);
            if (request.path().equals(STATS)) {
                Delivery.send(exchange, Response.json(200, stats().json()), Optional.empty());
                return;
            }
            ledger.arrived();
            try {
                answer(exchange, request.meeting(fault(request)));
            } finally {
                ledger.left();
            }
        }
    }

    private void answer(HttpExchange exchange, Request request) throws IOException {
        request.fault().ifPresent(ledger::faulted);
        Response response = api.answer(request);
        if (request.meets(Fault.SLOW)) {
            service.rest(settings.slowness());
        }
        ledger.answered(response.status());
        Delivery.send(exchange, response, request.fault());
    }

    private Optional<Fault> fault(Request request) {
        String asked = request.query().get(FAULT);
        if (asked != null) {
            return Fault.named(asked);
        }
        Fault scripted = next.poll();
        if (scripted != null || settings.faults().share() == 0) {
            return Optional.ofNullable(scripted);
        }
        String name = request.path() + Sha256.hex(request.body());
        return settings.faults().draw(name, seen.merge(name, 1, Integer::sum) - 1);
    }
}
