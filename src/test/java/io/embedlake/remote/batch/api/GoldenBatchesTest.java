package io.embedlake.remote.batch.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.embedlake.fake.settings.Provider;
import io.embedlake.remote.batch.BatchAnswer;
import io.embedlake.remote.batch.BatchApi;
import io.embedlake.remote.batch.BatchStatus;
import io.embedlake.remote.batch.BatchText;
import io.embedlake.spi.Outcome.Embedded;
import io.embedlake.spi.Outcome.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A batch from its upload to its answers, request by request as the providers document it. */
class GoldenBatchesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final Deque<JsonNode> expected = new ArrayDeque<>();
    private final List<String> wrong = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode next = expected.removeFirst();
            byte[] body = exchange.getRequestBody().readAllBytes();
            compare(next.path("method").asText(), exchange.getRequestMethod());
            compare(next.path("path").asText(), exchange.getRequestURI().toString());
            if (next.has("request")) {
                compare(next.path("request"), JSON.readTree(body));
            }
            String text = new String(body, StandardCharsets.UTF_8);
            next.path("form").forEach(part -> compare(true, text.contains(part.asText())));
            next.path("headers").properties().forEach(header -> exchange.getResponseHeaders()
                    .add(header.getKey(), placed(header.getValue().asText())));
            byte[] answer = next.has("base64")
                    ? Base64.getDecoder().decode(next.path("base64").asText())
                    : placed(
                                    next.path("response").isTextual()
                                            ? next.path("response").asText()
                                            : next.path("response").toString())
                            .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private String placed(String text) {
        return text.replace("{origin}", origin());
    }

    private void compare(Object one, Object other) {
        if (!one.equals(other)) {
            wrong.add(one + " is not " + other);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "MISTRAL", "VOYAGE", "GEMINI", "COHERE"})
    void speaksAsTheProviderDocuments(Provider provider) throws IOException {
        JsonNode golden = golden(provider);
        golden.path("exchanges").forEach(expected::add);
        BatchApi api = BatchApis.of(URI.create(origin()), provider, time -> {});

        byte[] line = api.line(new BatchText("id-1", "She said: \"hi\"\n東京", 9));
        assertEquals(golden.path("line"), JSON.readTree(line));
        assertEquals('\n', line[line.length - 1]);
        Path file = Files.write(folder.resolve("batch.jsonl"), line);
        String batch = api.submit(api.upload(file, "embedlake-1"), "embedlake-1");
        assertEquals(Optional.of(batch), api.find("embedlake-1"));
        BatchStatus over = api.look(batch);
        assertEquals(BatchStatus.State.DONE, over.state());
        List<BatchAnswer> answers = new ArrayList<>();
        for (Path downloaded : api.download(over, folder)) {
            for (String one : Files.readAllLines(downloaded)) {
                answers.add(api.answer(one));
                assertEquals(api.answer(one).id(), api.id(one));
            }
        }

        assertEquals(List.of(), wrong);
        assertTrue(expected.isEmpty(), expected::toString);
        assertEquals(golden.path("outcomes").size(), answers.size());
        answers.forEach(answer -> check(golden.path("outcomes").path(answer.id()), answer));
    }

    private static void check(JsonNode outcome, BatchAnswer answer) {
        if (outcome.isArray()) {
            float[] vector = assertInstanceOf(Embedded.class, answer.outcome()).vector();
            assertArrayEquals(
                    new float[] {outcome.path(0).floatValue(), outcome.path(1).floatValue()}, vector);
        } else {
            Refused refused = assertInstanceOf(Refused.class, answer.outcome());
            assertEquals(outcome.asText(), refused.kind() + " " + refused.reason());
        }
    }

    private static JsonNode golden(Provider provider) throws IOException {
        String name = "/golden/batches/" + provider.name().toLowerCase(Locale.ROOT) + ".json";
        try (InputStream in = GoldenBatchesTest.class.getResourceAsStream(name)) {
            return JSON.readTree(Objects.requireNonNull(in, name));
        }
    }
}
