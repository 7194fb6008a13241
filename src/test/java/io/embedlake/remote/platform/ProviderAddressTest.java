package io.embedlake.remote.platform;

import static io.embedlake.remote.platform.LoadedModels.load;
import static io.embedlake.remote.platform.LoadedModels.refuses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.http.Proxies;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses that are not the provider's, or that cannot be reached or trusted, each with the sentence that says what to change. */
class ProviderAddressTest {
    @TempDir
    private Path folder;

    private LoadedModels models;

    @BeforeEach
    void writeKey() throws IOException {
        models = LoadedModels.withKeyIn(folder);
    }

    private Map<String, String> options(String endpoint, String... more) {
        return models.options(endpoint, more);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            404 | text/html        | <html><body>Not Found</body></html>  | Change model, endpoint, location or api-version.
            404 | application/json | {"detail":"Not Found"}               | Change model, endpoint, location or api-version.
            405 | text/plain       | Method Not Allowed                   | Change model, endpoint, location or api-version.
            301 | text/html        | <html>Moved</html>                   | Set endpoint to it.
            200 | text/html        | <html><h1>Welcome</h1></html>        | endpoint
            200 | application/json | {"status":"ok"}                      | endpoint
            403 | text/html        | <html>Blocked by policy</html>       | proxy
            407 | text/html        | <html>Who are you?</html>            | proxy
            407 | text/plain       | Proxy Authentication Required        | proxy
            511 | text/html        | <html>Sign in to the network</html>  | proxy
            """)
    void anAddressThatIsNotTheProviders(int status, String type, String body, String remedy) throws IOException {
        try (SayingServer server = SayingServer.start(status, type, body)) {
            refuses(
                    "openai",
                    "text-embedding-3-small",
                    options(server.address() + "/v1"),
                    Integer.toString(status),
                    remedy);
        }
    }

    @Test
    void aCertificateThatNobodyTrusts() throws Exception {
        try (SayingServer server = SayingServer.start(selfSigned(), 200, "application/json", "{}")) {
            refuses(
                    "openai",
                    "text-embedding-3-small",
                    options(server.address() + "/v1"),
                    "PKIX",
                    "javax.net.ssl.trustStore",
                    "endpoint");
        }
    }

    @Test
    void aServerIsReachedWhateverItAnswersAndElseTheReasonIsTold() throws Exception {
        try (SayingServer server = SayingServer.start(404, "text/plain", "no")) {
            assertEquals(Optional.empty(), ServerPage.unreachable(URI.create(server.address()), Proxies.none()));
        }
        try (SayingServer server = SayingServer.start(selfSigned(), 200, "text/plain", "yes")) {
            String why = ServerPage.unreachable(URI.create(server.address()), Proxies.none())
                    .orElseThrow();
            assertTrue(why.startsWith("SSLHandshakeException: "), why);
        }
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        String why = ServerPage.unreachable(URI.create("http://127.0.0.1:" + closed), Proxies.none())
                .orElseThrow();
        assertTrue(why.startsWith("ConnectException: "), why);
    }

    private SSLContext selfSigned() throws IOException, GeneralSecurityException, InterruptedException {
        Path store = folder.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "password")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertTrue(keytool.waitFor(5, TimeUnit.MINUTES));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "password".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "password".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    @Test
    void anEncryptedAddressOfAServerThatDoesNotEncrypt() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            new Thread(() -> answerPlainly(server)).start();
            refuses(
                    "openai",
                    "text-embedding-3-small",
                    options("https://127.0.0.1:" + server.getLocalPort() + "/v1"),
                    "SSL",
                    "Check endpoint");
        }
    }

    private static void answerPlainly(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getInputStream().read(new byte[64]);
                socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // Closed at the end of the test.
            }
        }
    }

    /** It may pass, as a network does; so the job can be run again as it is. */
    @Tag("heavy")
    @Test
    void anAddressWhereNobodyAnswers() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        String proxy = "http://127.0.0.1:" + free;
        // Each is tried for some seconds, all at once; not on the pool of the tests, which may be busy with other ones.
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            Map.of(
                            options(proxy + "/v1"), "Check endpoint and the network",
                            options("https://no-such-host.invalid/v1"), "Check endpoint and the network",
                            options("https://no-such-host.invalid/v1", "proxy.address", proxy),
                                    "through the proxy of proxy.address). Check endpoint, proxy.address and the network")
                    .entrySet()
                    .stream()
                    .map(given -> CompletableFuture.runAsync(
                            () -> assertUnreachable(given.getKey(), given.getValue()), threads))
                    .toList()
                    .forEach(CompletableFuture::join);
        } finally {
            threads.shutdown();
        }
    }

    private static void assertUnreachable(Map<String, String> options, String message) {
        EmbedlakeException refused =
                assertThrows(EmbedlakeException.class, () -> load("openai", "text-embedding-3-small", options)
                        .close());
        assertEquals(ErrorKind.TRANSIENT, refused.kind());
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }
}
