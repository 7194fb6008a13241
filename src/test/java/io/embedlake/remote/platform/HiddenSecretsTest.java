package io.embedlake.remote.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.embedlake.http.Proxies;
import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.auth.Outgoing;
import io.embedlake.spi.Device;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.Platforms;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.utils.internal.SystemSettingUtilsTestBackdoor;

/**
 * Secrets of all ways to sign in, against a server that refuses everybody and repeats whatever it was sent: they are in no message, no
 * stack trace, no log of any level with the launcher's settings, and no spec. Nothing else runs meanwhile, because logs and the environment belong to the JVM.
 */
@Isolated
class HiddenSecretsTest {
    private static final String SECRET = "secret-of-a-client-in-letters";
    private static final String TOKEN = "token-of-a-session-in-letters";

    @TempDir
    private Path folder;

    private final StringWriter said = new StringWriter();
    private final AbstractAppender log = new AbstractAppender("hidden", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
            synchronized (said) {
                said.append(event.getLoggerName() + " " + event.getMessage().getFormattedMessage() + "\n");
                if (event.getThrown() != null) {
                    event.getThrown().printStackTrace(new PrintWriter(said));
                }
            }
        }
    };
    private HttpServer server;
    private volatile boolean givesTokens;
    private volatile String received = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        log.start();
        LoggerContext logs = LoggerContext.getContext(false);
        logs.getConfiguration().getRootLogger().addAppender(log, null, null);
        Configurator.setAllLevels(LogManager.ROOT_LOGGER_NAME, Level.ALL);
        setLevelsOfTheLauncher();
        LoggerFactory.getLogger(ProviderPlatform.class).trace("logs are seen");
    }

    /** The levels that the launcher sets whatever {@code EMBEDLAKE_LOG} is. */
    private static void setLevelsOfTheLauncher() throws IOException {
        Properties launcher = new Properties();
        try (InputStream file = HiddenSecretsTest.class.getResourceAsStream("/embedlake-log4j2.properties")) {
            launcher.load(file);
        }
        launcher.stringPropertyNames().stream()
                .filter(name -> name.matches("logger\\..*\\.name"))
                .forEach(name -> Configurator.setLevel(
                        launcher.getProperty(name),
                        Level.valueOf(launcher.getProperty(name.replaceFirst("name$", "level")))));
    }

    @AfterEach
    void stop() {
        LoggerContext.getContext(false).reconfigure();
        server.stop(0);
        SystemSettingUtilsTestBackdoor.clearEnvironmentVariableOverrides();
    }

    /** Gives a token to whoever asks where it may, and refuses everything else with all that it was sent. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().toString();
            String sent = path + " " + exchange.getRequestHeaders().entrySet() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received += sent;
            boolean isToken = givesTokens && path.contains("token");
            String quoted = sent.replace("\\", "").replace("\"", "'");
            String answer = isToken
                    ? "{\"access_token\":\"" + TOKEN + "\",\"token_type\":\"Bearer\",\"expires_in\":3599}"
                    : "{\"error\":{\"message\":\"refused: " + quoted + "\",\"code\":\"denied\"},\"message\":\"" + quoted
                            + "\",\"error_description\":\"" + quoted + "\"}";
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(isToken ? 200 : 401, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private String file(String content) throws IOException {
        return "file:" + Files.writeString(Files.createTempFile(folder, "of", "job"), content);
    }

    /** What a job that fails leaves behind: its spec, its error. */
    private void fails(String platform, String model, Map<String, String> options) {
        EmbedderSpec spec =
                Platforms.named(platform).describe(new EmbedderRequest(Optional.of(model), new HashMap<>(options)));
        ProviderPlatform provider = ProviderPlatform.of(spec).orElseThrow();
        say(spec + " " + spec.settings() + spec.notes() + spec.fingerprint() + provider.limitName(spec));
        fails(() -> provider.load(spec, Device.CPU).close());
    }

    private void fails(Runnable work) {
        EmbedlakeException failure = assertThrows(EmbedlakeException.class, work::run);
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        say(trace.toString());
    }

    private void say(String text) {
        synchronized (said) {
            said.append(text).append('\n');
        }
    }

    private void assertHidden(String... secrets) {
        String all;
        synchronized (said) {
            all = said.toString();
        }
        assertTrue(all.contains("logs are seen"), all);
        for (String secret : secrets) {
            assertTrue(received.contains(secret), secret + " was not sent: " + received);
            String base64 = Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
            List<String> shown = all.lines()
                    .filter(line -> line.contains(secret) || line.contains(base64))
                    .collect(Collectors.toList());
            assertEquals(List.of(), shown);
        }
    }

    @Test
    void ofAClientOfEntra() throws IOException {
        Map<String, String> options = new HashMap<>(Map.of("endpoint", address(), "client-id", "me"));
        options.put("client-secret", file(SECRET));
        options.put("token-endpoint", address() + "/tenant/token");
        fails("azure-openai", "m", options);
        givesTokens = true;
        fails("azure-openai", "m", options);
        assertHidden(SECRET, TOKEN);
    }

    @Test
    void ofIdentitiesOfAzure() throws IOException {
        Map<String, String> pod = new HashMap<>(Map.of("AZURE_CLIENT_ID", "me", "AZURE_TENANT_ID", "tenant"));
        pod.put(
                "AZURE_FEDERATED_TOKEN_FILE",
                Files.writeString(folder.resolve("pod"), SECRET).toString());
        pod.put("AZURE_AUTHORITY_HOST", address());
        Map<String, String> machine =
                Map.of("IDENTITY_ENDPOINT", address() + "/msi/token", "IDENTITY_HEADER", "let-" + SECRET);
        for (Map<String, String> environment : List.of(pod, machine)) {
            fails(() -> headers("azure-openai", Map.of("endpoint", "https://a.openai.azure.com"), environment));
        }
        assertHidden(SECRET, "let-" + SECRET);
    }

    private void headers(String platform, Map<String, String> options, Map<String, String> environment) {
        Surroundings surroundings = new Surroundings(
                environment, new TokenSender(Proxies.none(), time -> {}, new Random(1)), Clock.systemUTC());
        Credentials credentials =
                Login.of((ProviderPlatform) Platforms.named(platform), new ApiOptions("m", options), surroundings);
        say(credentials.toString());
        credentials.headers(new Outgoing("POST", URI.create("https://api.example.com/x"), Map.of(), new byte[0]));
    }

    @Test
    void ofGoogle() throws Exception {
        String key = Base64.getEncoder()
                .encodeToString(KeyPairGenerator.getInstance("RSA")
                        .generateKeyPair()
                        .getPrivate()
                        .getEncoded());
        String account =
                """
                {"type": "service_account", "private_key_id": "1", "client_email": "a@b", "token_uri": "%s",
                 "private_key": "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----"}"""
                        .formatted(address() + "/token", key);
        Map<String, String> options = new HashMap<>(Map.of("endpoint", address(), "project", "p", "location", "l"));
        options.put("api-key", file(account));
        fails("vertex", "text-embedding-005", options);
        givesTokens = true;
        fails("vertex", "text-embedding-005", options);
        assertHidden(TOKEN);
        assertFalse(said.toString().contains(key.substring(0, 60)), said.toString());
        String assertion = received.replaceFirst("(?s).*assertion=([^&\\s]+).*", "$1");
        assertFalse(said.toString().contains(assertion), said.toString());
    }

    @Test
    void ofASessionOfAws() {
        Map<String, String> environment = Map.of(
                "AWS_ACCESS_KEY_ID",
                "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY",
                SECRET,
                "AWS_SESSION_TOKEN",
                TOKEN,
                "AWS_REGION",
                "eu-central-1");
        environment.forEach(SystemSettingUtilsTestBackdoor::addEnvironmentVariableOverride);
        fails("bedrock", "amazon.titan-embed-text-v2:0", Map.of("endpoint", address(), "location", "eu-central-1"));
        assertHidden(TOKEN);
        assertFalse(said.toString().contains(SECRET), said.toString());
        assertFalse(received.contains(SECRET), "it only signs");
    }

    @Test
    void ofTheProxyAndAKey() throws IOException {
        Map<String, String> options = new HashMap<>(Map.of("endpoint", "http://embeddings.invalid/v1"));
        options.put("allow-http", "true");
        options.put("api-key", file(TOKEN));
        options.put("proxy.address", address());
        options.put("proxy.user", "me");
        options.put("proxy.password", file(SECRET));
        fails("openai", "text-embedding-3-small", options);
        assertHidden(TOKEN);
        String login = Base64.getEncoder().encodeToString(("me:" + SECRET).getBytes(StandardCharsets.UTF_8));
        for (String shown : List.of(SECRET, login)) {
            assertFalse(said.toString().contains(shown), said.toString());
        }
    }
}
