package io.embedlake.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.embedlake.config.JobFile;
import io.embedlake.spark.Sessions;
import io.embedlake.spark.job.EmbeddingJob;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.run.Progress;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.RunRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Times a whole job whose vectors come from a server in another process that has all of its answers ready: what is left is embedlake's
 * and Spark's own work. Prints a line of JSON a round: {@code ProviderBenchmark FOLDER TEXTS DIMENSION ROUNDS}.
 */
public final class ProviderBenchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TEXTS_A_CALL = 100;
    private static final int DIFFERENT_ANSWERS = 64;

    private ProviderBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("server")) {
            serve(Integer.parseInt(arguments[1]));
            return;
        }
        Path folder = Files.createDirectories(Path.of(arguments[0]).toAbsolutePath());
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dsun.net.httpserver.nodelay=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ProviderBenchmark.class.getName(),
                        "server",
                        arguments[2])
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
                SparkSession spark = Sessions.open("benchmark", Map.of(), System.getenv())) {
            String endpoint = said.readLine();
            Path source = folder.resolve("source-" + UUID.randomUUID());
            spark.range(Long.parseLong(arguments[1]))
                    .select(
                            functions.col("id"),
                            functions
                                    .expr("concat('a text of some ten words or so, with the number ', id,"
                                            + " ', and no two of them are alike ', sha1(string(id)))")
                                    .as("text"))
                    .write()
                    .format("delta")
                    .save(source.toString());
            for (int round = 0; round < Integer.parseInt(arguments[3]); round++) {
                time(spark, folder, source, endpoint);
            }
        } finally {
            server.destroy();
        }
    }

    /** Full answers are ready; the texts are counted by what stands between them. */
    private static void serve(int dimension) throws IOException {
        // Numbers that repeat would be written to tables as a dictionary, as those of no model are.
        List<byte[]> full = IntStream.range(0, DIFFERENT_ANSWERS)
                .mapToObj(seed -> answer(TEXTS_A_CALL, dimension, seed))
                .toList();
        AtomicInteger calls = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
            int texts = 1;
            for (int at = body.indexOf("\",\""); at >= 0; at = body.indexOf("\",\"", at + 1)) {
                texts++;
            }
            byte[] answer = texts == TEXTS_A_CALL
                    ? full.get(calls.getAndIncrement() % DIFFERENT_ANSWERS)
                    : answer(texts, dimension, 0);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        System.out.println("http://127.0.0.1:" + server.getAddress().getPort() + "/embed");
    }

    private static byte[] answer(int texts, int dimension, long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, texts)
                .mapToObj(i -> {
                    ByteBuffer bytes =
                            ByteBuffer.allocate(dimension * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                    IntStream.range(0, dimension).forEach(at -> bytes.putFloat((float) random.nextGaussian()));
                    return "{\"index\":" + i + ",\"embedding\":\""
                            + Base64.getEncoder().encodeToString(bytes.array()) + "\"}";
                })
                .collect(Collectors.joining(",", "{\"data\":[", "]}"))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void time(SparkSession spark, Path folder, Path source, String endpoint) throws IOException {
        String target = folder.resolve("target-" + UUID.randomUUID()).toString();
        Path file = Files.writeString(
                folder.resolve("job.yaml"),
                """
                job: benchmark
                source: {table: delta.`%s`, id: id}
                target: {table: delta.`%s`}
                embeddings:
                  - column: embedding
                    attribute: text
                    platform: http
                    model: ready
                    endpoint: %s
                    request: '{"input": "{texts}"}'
                    vectors: data[*].embedding
                    indices: data[*].index
                    texts-per-call: %d
                    reduce: {method: none}
                """
                        .formatted(source, target, endpoint, TEXTS_A_CALL));
        long cpu = cpuNanos();
        long begin = System.nanoTime();
        RunRecord run = new EmbeddingJob(
                        spark,
                        JobFile.load(file, List.of(), Map.of(), folder),
                        RunId.of(Clock.systemUTC().instant(), UUID.randomUUID()),
                        Clock.systemUTC(),
                        new Silent())
                .run();
        double seconds = (System.nanoTime() - begin) / 1e9;
        ColumnRecord column = run.columns().get(0);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("embedded", column.embedded());
        line.put("job_seconds", Math.round(seconds * 10) / 10.0);
        line.put("embed_seconds", column.embedTime().toMillis() / 1000.0);
        line.put(
                "texts_per_second",
                Math.round(1000.0 * column.embedded() / column.embedTime().toMillis()));
        line.put("texts_per_second_of_the_job", Math.round(column.embedded() / seconds));
        line.put("job_cpu_seconds", Math.round((cpuNanos() - cpu) / 1e8) / 10.0);
        System.out.println(JSON.writeValueAsString(line));
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Says nothing. */
    private static final class Silent implements JobObserver {
        @Override
        public void phase(String phase) {
            // The figures say it all.
        }

        @Override
        public void progress(Progress progress) {
            // As above.
        }

        @Override
        public void planned(io.embedlake.pipeline.WorkPlan plan) {
            // As above.
        }
    }
}
