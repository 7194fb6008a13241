package io.embedlake.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FakeProviderCommandTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int refused(String... options) {
        return FakeProviderCommand.run(new PrintStream(new ByteArrayOutputStream()), new PrintStream(err), options);
    }

    @Test
    void servesUntilItIsInterrupted() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (PipedInputStream printed = new PipedInputStream();
                PrintStream out = new PrintStream(new PipedOutputStream(printed));
                BufferedReader lines = new BufferedReader(new InputStreamReader(printed, StandardCharsets.UTF_8))) {
            Future<Integer> command = threads.submit(() -> FakeProviderCommand.run(
                    out,
                    new PrintStream(err),
                    "--provider",
                    "mistral",
                    "--vectors",
                    "hashed",
                    "--dimension",
                    "16",
                    "--key",
                    "m-test",
                    "--max-texts",
                    "2",
                    "--requests-per-minute",
                    "100",
                    "--faults",
                    "1",
                    "--fault",
                    "retry-after-ms"));
            String base = lines.readLine();
            assertTrue(base.matches("http://127\\.0\\.0\\.1:\\d+/v1"), base);
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(base + "/embeddings"))
                                    .header("Authorization", "Bearer m-test")
                                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertEquals(429, answer.statusCode());
            assertEquals("50", answer.headers().firstValue("retry-after-ms").orElse(""));
            threads.shutdownNow();
            assertEquals(0, command.get(5, TimeUnit.MINUTES));
        } finally {
            threads.shutdownNow();
        }
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void saysWhatIsWrongWithItsOptions() {
        assertEquals(2, refused("--provider", "opanai"));
        assertEquals(2, refused("--provider", "openai", "--faults", "2"));
        assertEquals(2, refused("--provider", "openai", "--fault", "meteor"));
        assertEquals(2, refused("--provider", "openai", "--vectors", "none"));
        assertEquals(2, refused("--provider", "openai", "--requests-per-minute", "0"));
        assertEquals(2, refused());
        String[] lines = err.toString(StandardCharsets.UTF_8).split("\n");
        assertEquals(6, lines.length);
        assertTrue(
                lines[0].startsWith(
                        "Cannot start a fake provider: --provider is opanai (one of openai, azure, azure-2023,"),
                lines[0]);
        assertEquals("Cannot start a fake provider: --faults is 2.0 (a share from 0 to 1). Correct it.", lines[1]);
        assertTrue(
                lines[2].startsWith("Cannot start a fake provider: --fault is meteor (one of server-error,"), lines[2]);
        assertEquals("Cannot start a fake provider: --vectors is none (one of model, hashed). Correct it.", lines[3]);
        assertEquals(
                "Cannot start a fake provider: --requests-per-minute is 0 (a whole number from 1 on). Correct it.",
                lines[4]);
        assertEquals("Missing required option: '--provider=<provider>'. See jobs/fake-provider --help.", lines[5]);
    }
}
