package io.embedlake.provider.platform.aws;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.provider.auth.AwsKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AwsChainTest {
    private static final String ROLES = "/latest/meta-data/iam/security-credentials/";

    @TempDir
    private Path home;

    private final Map<String, String> answers = Collections.synchronizedMap(new HashMap<>());
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
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

    /** What is listed as {@code METHOD path credential}; nothing else. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String session = exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token");
            String life = exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token-ttl-seconds");
            String authorisation = exchange.getRequestHeaders().getFirst("Authorization");
            String request =
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()
                            + (session == null ? "" : " " + session)
                            + (life == null ? "" : " " + life)
                            + (authorisation == null ? "" : " " + authorisation);
            asked.add(request);
            byte[] body = answers.getOrDefault(request, "").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Nothing of the machine that the test runs on is asked. */
    private AwsChain chain(String... variables) {
        Map<String, String> environment = new HashMap<>(Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", address() + "/"));
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return new AwsChain(environment, Files::readString, home, Clock.systemUTC());
    }

    private static String role(String id) {
        return "{\"Code\":\"Success\",\"AccessKeyId\":\"" + id
                + "\",\"SecretAccessKey\":\"secret\",\"Token\":\"session\",\"Expiration\":\"2099-01-01T00:00:00Z\"}";
    }

    private static AwsKey ofRole(String id) {
        return new AwsKey(id, "secret", Optional.of("session"), Optional.of(Instant.parse("2099-01-01T00:00:00Z")));
    }

    private void profiles(String text) throws IOException {
        Files.createDirectories(home.resolve(".aws"));
        Files.writeString(home.resolve(".aws").resolve("credentials"), text);
    }

    @Test
    void theEnvironmentComesFirst() throws IOException {
        profiles("[default]\naws_access_key_id = file\naws_secret_access_key = secret\n");

        assertEquals(
                new AwsKey("id", "secret", Optional.of("session"), Optional.empty()),
                chain("AWS_ACCESS_KEY_ID", "id\n", "AWS_SECRET_ACCESS_KEY", "secret", "AWS_SESSION_TOKEN", "session")
                        .key());
        assertMisconfigured(
                () -> chain("AWS_ACCESS_KEY_ID", "id").key(),
                "AWS_SECRET_ACCESS_KEY is not set",
                "Set both, or neither.");
    }

    @Test
    void aProfileOfTheSharedFileIsReadAnewEachTime() throws IOException {
        profiles("# mine\n[default]\naws_access_key_id=one\naws_secret_access_key=secret\n\n"
                + "[team]\naws_access_key_id = two\naws_secret_access_key = secret\naws_session_token = session\n");
        AwsChain chain = chain();

        assertEquals(new AwsKey("one", "secret", Optional.empty(), Optional.empty()), chain.key());
        assertEquals(
                new AwsKey("two", "secret", Optional.of("session"), Optional.empty()),
                chain("AWS_PROFILE", "team").key());
        assertFalse(chain.renew("one"));
        profiles("[default]\naws_access_key_id=three\naws_secret_access_key=secret\n");
        assertTrue(chain.renew("one"));
        assertEquals("three", chain.key().id());
        assertEquals(List.of(), asked);
    }

    @Test
    void theRoleOfAContainerIsAskedForWithWhatItsFileHolds() throws IOException {
        Path token = Files.writeString(home.resolve("token"), "let-me-in\n");
        answers.put("GET /keys let-me-in", role("container"));
        AwsChain chain = chain(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                address() + "/keys",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                token.toString());

        assertEquals(ofRole("container"), chain.key());
        assertEquals(ofRole("container"), chain.key());
        assertEquals(List.of("GET /keys let-me-in"), asked);
    }

    @Test
    void whatLetsInIsSentToNobodyFar() {
        assertMisconfigured(
                () -> chain("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://keys.example.com/")
                        .key(),
                "keys.example.com",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    }

    @Test
    void theRoleOfAMachineIsAskedForInASessionAndAgainWhenItWasRefused() {
        answers.put("PUT /latest/api/token 21600", "session-1");
        answers.put("GET " + ROLES + " session-1", "my-role\n");
        answers.put("GET " + ROLES + "my-role session-1", role("machine"));
        AwsChain chain = chain();

        assertEquals(ofRole("machine"), chain.key());
        assertFalse(chain.renew("machine"));
        answers.put("GET " + ROLES + "my-role session-1", role("machine-2"));
        assertTrue(chain.renew("machine"));
        assertEquals(ofRole("machine-2"), chain.key());
    }

    @Test
    void withoutAnyKeysAllPlacesAreNamed() {
        EmbedlakeException refused = assertMisconfigured(
                () -> chain("AWS_EC2_METADATA_DISABLED", "true").key(),
                "the environment",
                "the profile default of " + home,
                "AWS_EC2_METADATA_DISABLED is true",
                "Set AWS_ACCESS_KEY_ID");
        assertFalse(refused.getMessage().contains("null"), refused.getMessage());
        assertEquals(List.of(), asked);
        assertMisconfigured(() -> chain().key(), "HTTP 404");
        answers.put("PUT /latest/api/token 21600", "session-1");
        answers.put("GET " + ROLES + " session-1", "\n");
        assertMisconfigured(() -> chain().key(), "the machine has no role");
    }

    @Test
    void aRoleThatGivesOutNoKeysIsToldApartFromSilence() {
        answers.put("GET /keys", "{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"Message\":\"no\"}");
        String[] container = {"AWS_CONTAINER_CREDENTIALS_FULL_URI", address() + "/keys"};
        assertMisconfigured(
                () -> chain(container).key(), "the container", "AssumeRoleUnauthorizedAccess", "Check its role");
        answers.clear();
        EmbedlakeException silent =
                assertThrows(EmbedlakeException.class, () -> chain(container).key());
        assertEquals(ErrorKind.TRANSIENT, silent.kind());
    }
}
