package io.embedlake.remote.platform;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls through the proxy that Java is set to use. Nothing else runs meanwhile, as its settings are those of the JVM. */
@Isolated
class ProviderProxyTest {
    @TempDir
    private Path folder;

    private Embedder load(String endpoint) throws IOException {
        Platform platform = Platforms.named("openai");
        String key = "file:" + Files.writeString(folder.resolve("key"), "sk-any");
        return platform.load(
                platform.describe(new EmbedderRequest(
                        Optional.of("text-embedding-3-small"), Map.of("endpoint", endpoint, "api-key", key))),
                Device.CPU);
    }

    @Test
    void callsGoThroughTheProxyOfTheJvm() throws Exception {
        try (FakeProvider fake =
                        FakeProvider.start(Settings.of(Provider.OPENAI).withDimension(16), new HashedVectors(16));
                Proxied proxied = new Proxied("http", fake.origin().getPort());
                Embedder embedder = load("http://embeddings.invalid/v1")) {
            assertEquals(16, embedder.dimension());
            assertEquals("127.0.0.1", proxied.host());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"407 Proxy Authentication Required", "403 Forbidden"})
    void aProxyThatOpensNoTunnel(String status) throws Exception {
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Proxied proxied = new Proxied("https", proxy.getLocalPort())) {
            Thread thread = new Thread(() -> refuseTunnels(proxy, status, asked));
            thread.start();
            assertMisconfigured(
                    () -> load("https://embeddings.invalid/v1").close(), "Check endpoint", "https.proxyHost");
            assertEquals("127.0.0.1", proxied.host());
        }
        assertEquals("CONNECT embeddings.invalid:443 HTTP/1.1", asked.get(0));
    }

    private static void refuseTunnels(ServerSocket proxy, String status, List<String> asked) {
        while (!proxy.isClosed()) {
            try (Socket socket = proxy.accept()) {
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) socket.getInputStream().read());
                }
                asked.add(head.substring(0, head.indexOf("\r\n")));
                socket.getOutputStream()
                        .write(("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // Closed at the end of the test.
            }
        }
    }

    /** The settings of Java for a proxy; hosts on this machine are spoken to without one. */
    private record Proxied(String scheme, Map<String, Optional<String>> before) implements AutoCloseable {
        Proxied(String scheme, int port) {
            this(
                    scheme,
                    Map.of(
                            scheme + ".proxyHost",
                            Optional.ofNullable(System.getProperty(scheme + ".proxyHost")),
                            scheme + ".proxyPort",
                            Optional.ofNullable(System.getProperty(scheme + ".proxyPort"))));
            System.setProperty(scheme + ".proxyHost", "127.0.0.1");
            System.setProperty(scheme + ".proxyPort", Integer.toString(port));
        }

        String host() {
            return System.getProperty(scheme + ".proxyHost");
        }

        @Override
        public void close() {
            before.forEach((name, value) ->
                    value.ifPresentOrElse(text -> System.setProperty(name, text), () -> System.clearProperty(name)));
        }
    }
}
