package io.embedlake.remote.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Call;
import io.embedlake.remote.format.Reading;
import io.embedlake.remote.format.Reply;
import io.embedlake.remote.format.WireFormat;
import io.embedlake.remote.limit.EventLoopThread;
import io.embedlake.remote.limit.LeaseChannel;
import io.embedlake.remote.limit.Limits;
import io.embedlake.remote.limit.Pace;
import io.embedlake.remote.limit.RateLimiter;
import io.embedlake.remote.limit.RateLimiterClient;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * Times the client alone against a server in another process that always sends the same bytes: nothing is parsed, which is the wire
 * formats' part. Prints a line of JSON a round: {@code ClientBenchmark TEXTS ANSWER_BYTES ROUNDS DIMENSION IN_FLIGHT}.
 */
public final class ClientBenchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TEXTS_A_CALL = 100;

    private ClientBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("server")) {
            serve(new byte[Integer.parseInt(arguments[1])]);
            return;
        }
        int texts = Integer.parseInt(arguments[0]);
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dsun.net.httpserver.nodelay=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ClientBenchmark.class.getName(),
                        "server",
                        arguments[1])
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            URI endpoint = URI.create(said.readLine());
            for (int round = 0; round < Integer.parseInt(arguments[2]); round++) {
                time(endpoint, texts, arguments[1], Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
            }
        } finally {
            server.destroy();
        }
    }

    private static void serve(byte[] answer) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        System.out.println("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static void time(URI endpoint, int texts, String answerBytes, int dimension, int inFlight)
            throws IOException {
        RateLimiter limiter = new RateLimiter(Limits.NONE, Pace.STRICT, System::nanoTime);
        try (EventLoopThread eventLoop = new EventLoopThread("agenda");
                ProviderClient client = new ProviderClient(
                        settings(endpoint, dimension, inFlight),
                        new Bare(dimension),
                        Signer.none(),
                        new RateLimiterClient("bare", LeaseChannel.direct(limiter::exchange), eventLoop),
                        new Random(1),
                        CallFeedback.NONE)) {
            Iterator<Input> input = IntStream.range(0, texts)
                    .mapToObj(i -> Input.of("a text of some ten words or so, with the number " + i))
                    .iterator();
            long cpu = cpuNanos();
            long begin = System.nanoTime();
            int embedded = 0;
            try (Outcomes outcomes = client.run(input, new ToyPacker(TEXTS_A_CALL))) {
                while (outcomes.hasNext()) {
                    embedded += outcomes.next() instanceof Outcome.Embedded ? 1 : 0;
                }
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            double cpuMillis = (cpuNanos() - cpu) / 1e6;
            System.out.println(JSON.writeValueAsString(Map.of(
                    "embedded",
                    embedded,
                    "answerBytes",
                    answerBytes,
                    "requests",
                    client.counts().sent(),
                    "seconds",
                    Math.round(seconds * 100) / 100.0,
                    "textsPerSecond",
                    Math.round(texts / seconds),
                    "cpuMillisPerRequest",
                    Math.round(1000 * cpuMillis / client.counts().sent()) / 1000.0)));
        }
    }

    private static ClientSettings settings(URI endpoint, int dimension, int inFlight) {
        ClientSettings usual = ClientSettings.of("bare", endpoint);
        return new ClientSettings(
                usual.label(),
                endpoint,
                inFlight,
                usual.bytesInFlight(),
                usual.connectTimeout(),
                usual.timeout(),
                OptionalInt.of(dimension),
                usual.retries(),
                usual.proxies(),
                usual.probe());
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Knows nothing but the number of texts. */
    private static final class Bare implements WireFormat {
        private final int dimension;

        Bare(int dimension) {
            this.dimension = dimension;
        }

        @Override
        public Budgets budgets() {
            return new Budgets(TEXTS_A_CALL, 8192, 300_000, 1 << 23);
        }

        @Override
        public Call call(List<String> texts) {
            return new Call("/embeddings", Map.of(), String.join("\n", texts).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Reading read(Reply reply, int texts) {
            List<float[]> vectors = new ArrayList<>();
            for (int text = 0; text < texts; text++) {
                vectors.add(new float[dimension]);
            }
            return new Reading.Answer(vectors, OptionalLong.empty());
        }
    }
}
