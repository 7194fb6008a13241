package io.embedlake.remote.platform;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.http.Proxies;
import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.auth.Outgoing;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Platforms whose calls are signed with tokens that somebody gives out, against such a server and a fake of the provider. */
class ProviderLoginTest {
    private static final int DIMENSION = 16;
    private static final String SECRET = "the-secret-of-a-client";
    private static final String[] TOKENS = {"token-1", "token-2", "token-3", "token-4", "token-5", "token-6"};

    @TempDir
    private Path folder;

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private HttpServer tokens;
    private int given;
    private int failures;
    private Optional<String> refusal = Optional.empty();

    @BeforeEach
    void start() throws IOException {
        tokens = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        tokens.createContext("/", this::answer);
        tokens.start();
    }

    @AfterEach
    void stop() {
        tokens.stop(0);
    }

    /** Takes whoever knows the secret; each token is another one. */
    private synchronized void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String basic = exchange.getRequestHeaders().getFirst("Authorization");
            asked.add(exchange.getRequestURI().getPath() + " " + form
                    + (basic == null
                            ? ""
                            : " "
                                    + new String(
                                            Base64.getDecoder().decode(basic.substring("Basic ".length())),
                                            StandardCharsets.UTF_8)));
            int status = failures > 0 ? 503 : refusal.isPresent() ? 400 : 200;
            failures--;
            String body = refusal.orElseGet(() ->
                    "{\"access_token\":\"" + TOKENS[given++] + "\",\"token_type\":\"Bearer\",\"expires_in\":3599}");
            byte[] bytes = status == 503 ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private String address() {
        return "http://127.0.0.1:" + tokens.getAddress().getPort();
    }

    private String secret(String content) throws IOException {
        return "file:" + Files.writeString(folder.resolve("secret"), content + "\n");
    }

    private static FakeProvider fake(Provider provider) {
        return FakeProvider.start(
                Settings.of(provider).withKeys(TOKENS).withDimension(DIMENSION), new HashedVectors(DIMENSION));
    }

    private static Embedder load(String platform, Map<String, String> options) {
        Platform loader = Platforms.named(platform);
        EmbedderSpec spec = loader.describe(new EmbedderRequest(Optional.of("text-embedding-005"), options));
        assertFalse(spec.toString().contains(SECRET), spec.toString());
        return loader.load(spec, Device.CPU);
    }

    private static void embed(Embedder embedder, String text) {
        try (EmbeddingSession session = embedder.open()) {
            assertEquals(DIMENSION, session.embed(List.of(session.encode(text))).get(0).length);
        }
    }

    private Map<String, String> client(FakeProvider fake) throws IOException {
        Map<String, String> options = new HashMap<>();
        options.put("endpoint", fake.baseUrl().toString());
        options.put("client-id", "my-client");
        options.put("client-secret", secret(SECRET));
        return options;
    }

    private Map<String, String> entra(FakeProvider fake) throws IOException {
        Map<String, String> options = client(fake);
        options.put("token-endpoint", address() + "/my-tenant/oauth2/v2.0/token");
        return options;
    }

    @Test
    void aClientOfEntraGetsATokenForAzure() throws IOException {
        try (FakeProvider fake = fake(Provider.AZURE);
                Embedder embedder = load("azure-openai", entra(fake))) {
            embed(embedder, "one text");
            embed(embedder, "another text");
        }
        assertEquals(
                List.of("/my-tenant/oauth2/v2.0/token client_id=my-client&client_secret=" + SECRET
                        + "&grant_type=client_credentials&scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default"),
                asked);
    }

    @Test
    void aTokenThatExpiresEarlyIsReplacedAndTheTextIsEmbedded() throws IOException {
        Settings settings = Settings.of(Provider.AZURE)
                .withKeys(TOKENS)
                .withDimension(DIMENSION)
                .withCallsPerKey(2);
        try (FakeProvider fake = FakeProvider.start(settings, new HashedVectors(DIMENSION));
                Embedder embedder = load("azure-openai", entra(fake))) {
            for (int i = 0; i < 6; i++) {
                embed(embedder, "text number " + i);
            }
            assertEquals(3, fake.stats().statuses().get(401));
            assertEquals(0, fake.stats().rowsBilledAgain());
        }
        assertEquals(4, asked.size());
    }

    @Test
    void aClientOfDatabricksGetsATokenFromItsWorkspace() throws IOException {
        try (FakeProvider fake = fake(Provider.DATABRICKS)) {
            Map<String, String> options = client(fake);
            options.put("token-endpoint", address() + "/oidc/v1/token");
            try (Embedder embedder = load("databricks", options)) {
                embed(embedder, "one text");
            }
        }
        assertEquals(List.of("/oidc/v1/token grant_type=client_credentials&scope=all-apis my-client:" + SECRET), asked);
    }

    @Test
    void aServiceAccountGetsATokenForVertex() throws Exception {
        try (FakeProvider fake = fake(Provider.VERTEX)) {
            Map<String, String> options = vertex(fake);
            options.put("api-key", secret(serviceAccount()));
            try (Embedder embedder = load("vertex", options)) {
                embed(embedder, "one text");
            }
        }
        assertEquals(1, asked.size());
        assertTrue(asked.get(0).contains("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"));
    }

    @Test
    void anAccessTokenForVertexIsReadAgainWhenTheFileChanges() throws IOException {
        Settings settings = Settings.of(Provider.VERTEX)
                .withKeys(TOKENS)
                .withDimension(DIMENSION)
                .withCallsPerKey(2);
        try (FakeProvider fake = FakeProvider.start(settings, new HashedVectors(DIMENSION))) {
            Map<String, String> options = vertex(fake);
            options.put("api-key", secret("token-1"));
            try (Embedder embedder = load("vertex", options)) {
                embed(embedder, "one text");
                secret("token-2");
                embed(embedder, "another text");
                embed(embedder, "a third text");
                assertMisconfigured(() -> embed(embedder, "a fourth text"), "api-key");
            }
        }
        assertEquals(List.of(), asked);
    }

    private static Map<String, String> vertex(FakeProvider fake) {
        return new HashMap<>(Map.of("endpoint", fake.baseUrl().toString(), "project", "p", "location", "europe-west4"));
    }

    private String serviceAccount() throws NoSuchAlgorithmException {
        byte[] key = KeyPairGenerator.getInstance("RSA")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        return """
                {"type": "service_account", "private_key_id": "1", "client_email": "a@b", "token_uri": "%s",
                 "private_key": "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----"}"""
                .formatted(address() + "/token", Base64.getEncoder().encodeToString(key));
    }

    @Test
    void aServerOfTokensThatIsDownForAMomentIsAskedAgain() throws IOException {
        failures = 2;
        try (FakeProvider fake = fake(Provider.AZURE);
                Embedder embedder = load("azure-openai", entra(fake))) {
            embed(embedder, "one text");
        }
        assertEquals(3, asked.size());
    }

    @Test
    void aWrongSecretStopsBeforeAnyTextIsSent() throws IOException {
        refusal = Optional.of(
                "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: Invalid client secret " + SECRET
                        + "\"}");
        try (FakeProvider fake = fake(Provider.AZURE)) {
            EmbedlakeException refused = assertMisconfigured(
                    () -> load("azure-openai", entra(fake)).close(),
                    "Cannot get an access token: 127.0.0.1 answers HTTP 400, invalid_client, AADSTS7000215",
                    "Change client-secret or client-id.");
            assertFalse(refused.getMessage().contains(SECRET), refused.getMessage());
            assertEquals(0, fake.stats().requests());
        }
    }

    @Test
    void aTokenThatMayNotCallTheProviderIsTheClientsFault() throws IOException {
        try (FakeProvider fake = FakeProvider.start(
                Settings.of(Provider.AZURE).withKeys("another").withDimension(DIMENSION),
                new HashedVectors(DIMENSION))) {
            assertMisconfigured(() -> load("azure-openai", entra(fake)).close(), "client-id");
            assertEquals(2, fake.stats().requests(), "once more, with a new token");
        }
        assertEquals(2, asked.size());
    }

    @Test
    void halfAClientAndAClientBesideAKeyAreRefused() throws IOException {
        try (FakeProvider fake = fake(Provider.AZURE)) {
            Map<String, String> both = entra(fake);
            both.put("api-key", "env:KEY");
            assertMisconfigured(() -> load("azure-openai", both), "api-key", "client-id");
            Map<String, String> half = entra(fake);
            half.remove("client-id");
            assertMisconfigured(() -> load("azure-openai", half), "client-id is missing");
            Map<String, String> identity = entra(fake);
            identity.put("sign-in", "managed-identity");
            assertMisconfigured(() -> load("azure-openai", identity), "both sign-in and client-secret");
            Map<String, String> elsewhere = client(fake);
            elsewhere.remove("client-secret");
            assertMisconfigured(() -> load("databricks", elsewhere), "client-secret is missing");
            elsewhere.remove("client-id");
            elsewhere.put("sign-in", "managed-identity");
            assertMisconfigured(() -> load("databricks", elsewhere), "its endpoint is not on Azure");
            Map<String, String> nowhere = client(fake);
            assertMisconfigured(() -> load("azure-openai", nowhere), "tenant is missing");
            Map<String, String> readable = client(fake);
            readable.put("token-endpoint", "http://login.example.com/token");
            assertMisconfigured(() -> load("azure-openai", readable), "login.example.com", "https", "token-endpoint");
        }
    }

    @Test
    void limitsOfClientsAreApartAndFingerprintsAreNot() throws IOException {
        try (FakeProvider fake = fake(Provider.AZURE)) {
            ProviderPlatform platform = (ProviderPlatform) Platforms.named("azure-openai");
            Map<String, String> one = entra(fake);
            Map<String, String> other = entra(fake);
            other.put("client-id", "other-client");
            EmbedderSpec first = platform.describe(new EmbedderRequest(Optional.of("m"), one));
            EmbedderSpec second = platform.describe(new EmbedderRequest(Optional.of("m"), other));

            assertEquals(first.fingerprint(), second.fingerprint());
            assertFalse(platform.limitName(first).equals(platform.limitName(second)));
        }
    }

    private Credentials login(String platform, Map<String, String> options, Map<String, String> environment) {
        Surroundings surroundings = new Surroundings(
                environment, new TokenSender(Proxies.none(), time -> {}, new Random(1)), Clock.systemUTC());
        return Login.of((ProviderPlatform) Platforms.named(platform), new ApiOptions("m", options), surroundings);
    }

    private static Map<String, String> headers(Credentials credentials) {
        return credentials.headers(
                new Outgoing("POST", URI.create("https://api.example.com/x"), Map.of(), new byte[0]));
    }

    @Test
    void aJobWithoutKeyTakesTheFirstThatItsSurroundingsHave() throws IOException {
        Map<String, String> azure = Map.of("endpoint", "https://a.openai.azure.com");
        String pod = Files.writeString(folder.resolve("pod"), "of-the-pod").toString();
        Map<String, String> environment = new HashMap<>(Map.of("AZURE_OPENAI_API_KEY", "k"));
        assertEquals(Map.of("api-key", "k"), headers(login("azure-openai", azure, environment)));
        environment.put("AZURE_FEDERATED_TOKEN_FILE", pod);
        environment.put("AZURE_CLIENT_ID", "my-client");
        environment.put("AZURE_TENANT_ID", "my-tenant");
        environment.put("AZURE_AUTHORITY_HOST", address());
        assertEquals(Map.of("api-key", "k"), headers(login("azure-openai", azure, environment)));
        environment.remove("AZURE_OPENAI_API_KEY");
        assertEquals(Map.of("Authorization", "Bearer token-1"), headers(login("azure-openai", azure, environment)));
        environment.put("IDENTITY_ENDPOINT", address() + "/msi/token");
        environment.put("IDENTITY_HEADER", "let-me-in");
        Map<String, String> managed = new HashMap<>(azure);
        managed.put("sign-in", "managed-identity");
        assertEquals(Map.of("Authorization", "Bearer token-2"), headers(login("azure-openai", managed, environment)));
        Map<String, String> databricks = Map.of("endpoint", "https://adb-1.2.azuredatabricks.net/serving-endpoints");
        assertEquals(Map.of("Authorization", "Bearer token-3"), headers(login("databricks", databricks, environment)));
        assertEquals(
                List.of("/my-tenant/oauth2/v2.0/token", "/msi/token", "/my-tenant/oauth2/v2.0/token"),
                asked.stream().map(line -> line.replaceFirst("[ ?].*", "")).toList());
        environment.keySet().removeIf(name -> name.startsWith("AZURE_"));
        Map<String, String> workload = new HashMap<>(azure);
        workload.put("sign-in", "workload-identity");
        assertMisconfigured(
                () -> headers(login("azure-openai", workload, environment)), "AZURE_FEDERATED_TOKEN_FILE is not set");
    }

    @Test
    void aJobOnGoogleCloudTakesTheApplicationDefaultCredentials() throws Exception {
        Map<String, String> vertex = Map.of("project", "p", "location", "europe-west4");
        Map<String, String> environment = new HashMap<>();
        environment.put("CLOUDSDK_CONFIG", folder.toString());
        environment.put("GCE_METADATA_HOST", address().substring("http://".length()));
        assertEquals(Map.of("Authorization", "Bearer token-1"), headers(login("vertex", vertex, environment)));
        Files.writeString(folder.resolve("application_default_credentials.json"), serviceAccount());
        assertEquals(Map.of("Authorization", "Bearer token-2"), headers(login("vertex", vertex, environment)));
        environment.put(
                "GOOGLE_APPLICATION_CREDENTIALS", folder.resolve("missing").toString());
        assertMisconfigured(
                () -> headers(login("vertex", vertex, environment)), "missing", "GOOGLE_APPLICATION_CREDENTIALS");
        environment.put("GOOGLE_ACCESS_TOKEN", "given");
        assertEquals(Map.of("Authorization", "Bearer given"), headers(login("vertex", vertex, environment)));
        assertEquals(
                List.of("/computeMetadata/v1/instance/service-accounts/default/token", "/token"),
                asked.stream().map(line -> line.replaceFirst(" .*", "")).toList());
    }

    @Test
    void aMetadataServiceThatIsNotThereIsGivenUpAtOnce() {
        tokens.stop(0);
        assertMisconfigured(
                () -> headers(login(
                        "azure-openai",
                        Map.of("endpoint", "https://a.openai.azure.com"),
                        Map.of("AZURE_POD_IDENTITY_AUTHORITY_HOST", address()))),
                "127.0.0.1 (no answer of a metadata service",
                "AZURE_OPENAI_API_KEY");
    }
}
