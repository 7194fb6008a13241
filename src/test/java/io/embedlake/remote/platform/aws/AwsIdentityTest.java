package io.embedlake.remote.platform.aws;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;
import software.amazon.awssdk.utils.internal.SystemSettingUtilsTestBackdoor;

/**
 * Where credentials of AWS come from, with fakes of its services on this machine. Nothing else runs meanwhile: the SDK reads an
 * environment that is the same for all of the JVM.
 */
@Isolated
class AwsIdentityTest {
    private static final String ROLES = "GET /latest/meta-data/iam/security-credentials/";
    private static final String ARN = "arn:aws:iam::123456789012:role/embed";

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
        set("AWS_EC2_METADATA_SERVICE_ENDPOINT", address());
        set("AWS_ENDPOINT_URL_STS", address());
        set("AWS_ENDPOINT_URL_SSO", address() + "/sso");
        set("AWS_ENDPOINT_URL_SSO_OIDC", address() + "/oidc");
        set("AWS_REGION", "eu-central-1");
        set("AWS_CONFIG_FILE", home.resolve("config").toString());
        set("AWS_SHARED_CREDENTIALS_FILE", home.resolve("credentials").toString());
        set("AWS_PROFILE", "default");
        set("HOME", home.toString());
    }

    @AfterEach
    void stop() {
        server.stop(0);
        SystemSettingUtilsTestBackdoor.clearEnvironmentVariableOverrides();
    }

    private void set(String name, String value) {
        SystemSettingUtilsTestBackdoor.addEnvironmentVariableOverride(name, value);
    }

    /** What is listed as {@code METHOD path action-or-credential}; nothing else. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String request =
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
            for (String name : List.of("X-aws-ec2-metadata-token", "x-amz-sso_bearer_token")) {
                String value = exchange.getRequestHeaders().getFirst(name);
                request += value == null ? "" : " " + value;
            }
            String authorisation = exchange.getRequestHeaders().getFirst("Authorization");
            request += authorisation == null ? "" : " " + authorisation.replaceFirst(".*Credential=([^/]+)/.*", "$1");
            for (String field : form.split("&")) {
                request += field.matches("(Action|RoleArn|WebIdentityToken)=.*") ? " " + field.split("=")[1] : "";
            }
            asked.add(request);
            String answer = answers.getOrDefault(request, "");
            byte[] body = answer.replaceFirst("^\\d{3} ", "").getBytes(StandardCharsets.UTF_8);
            int status = answer.isEmpty()
                    ? 404
                    : answer.matches("(?s)\\d{3} .*") ? Integer.parseInt(answer.substring(0, 3)) : 200;
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void config(String text) throws IOException {
        Files.writeString(home.resolve("config"), text);
    }

    private static String role(String id) {
        return "{\"Code\":\"Success\",\"AccessKeyId\":\"" + id
                + "\",\"SecretAccessKey\":\"secret\",\"Token\":\"session\",\"Expiration\":\"2099-01-01T00:00:00Z\"}";
    }

    private static String sts(String action, String id) {
        return "<" + action + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" + action
                + "Result><Credentials><AccessKeyId>" + id + "</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>"
                + "<SessionToken>session</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></"
                + action + "Result></" + action + "Response>";
    }

    private static void assertIs(String id, Optional<String> session, AwsCredentialsIdentity found) {
        assertEquals(id, found.accessKeyId());
        assertEquals("secret", found.secretAccessKey());
        assertEquals(
                session,
                found instanceof AwsSessionCredentialsIdentity temporary
                        ? Optional.of(temporary.sessionToken())
                        : Optional.empty());
    }

    private static void assertTemporary(String id, AwsCredentialsIdentity found) {
        assertIs(id, Optional.of("session"), found);
    }

    @Test
    void keysOfTheEnvironmentComeFirst() throws IOException {
        config("[default]\naws_access_key_id = file\naws_secret_access_key = secret\n");
        set("AWS_ACCESS_KEY_ID", "id\n");
        assertMisconfigured(() -> new AwsIdentity().key(), "AWS_SECRET_ACCESS_KEY is not set", "Set both, or neither.");
        set("AWS_SECRET_ACCESS_KEY", "secret");
        assertIs("id", Optional.empty(), new AwsIdentity().key());
        set("AWS_SESSION_TOKEN", "session");
        assertTemporary("id", new AwsIdentity().key());
        assertEquals(List.of(), asked);
    }

    @Test
    void aPodOfEksShowsItsTokenToSts() throws IOException {
        Path token = Files.writeString(home.resolve("token"), "token-of-the-pod");
        set("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString());
        set("AWS_ROLE_ARN", ARN);
        String call =
                "POST / AssumeRoleWithWebIdentity " + ARN.replace(":", "%3A").replace("/", "%2F") + " token-of-the-pod";
        answers.put(call, sts("AssumeRoleWithWebIdentity", "pod"));
        AwsIdentity identity = new AwsIdentity();

        assertTemporary("pod", identity.key());
        assertTemporary("pod", identity.key());
        assertEquals(List.of(call), asked);
        answers.put(
                call,
                "403 <ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Not authorized to perform"
                        + " sts:AssumeRoleWithWebIdentity</Message></Error></ErrorResponse>");
        EmbedlakeException refused = assertMisconfigured(
                () -> identity.renew("pod"), "the web identity gets no credentials", "Not authorized to perform");
        assertFalse(refused.getMessage().contains("token-of-the-pod"), refused.getMessage());
    }

    @Test
    void aProfileIsReadAnewWhenItsFileChanges() throws IOException {
        config(
                "[default]\naws_access_key_id=one\naws_secret_access_key=secret\n"
                        + "[profile team]\naws_access_key_id = two\naws_secret_access_key = secret\naws_session_token = session\n");
        AwsIdentity identity = new AwsIdentity();
        assertIs("one", Optional.empty(), identity.key());
        assertFalse(identity.renew("one"));
        config("[default]\naws_access_key_id=three\naws_secret_access_key=secret\n");
        assertTrue(identity.renew("one"));
        assertIs("three", Optional.empty(), identity.key());
        config(
                "[profile team]\naws_access_key_id = two\naws_secret_access_key = secret\naws_session_token = session\n");
        set("AWS_PROFILE", "team");
        assertTemporary("two", new AwsIdentity().key());
    }

    @Test
    void aProfileTakesARoleWithTheKeysOfAnother() throws IOException {
        config("[profile team]\nrole_arn = " + ARN + "\nsource_profile = base\n"
                + "[profile base]\naws_access_key_id = base\naws_secret_access_key = secret\n");
        set("AWS_PROFILE", "team");
        String call = "POST / base AssumeRole " + ARN.replace(":", "%3A").replace("/", "%2F");
        answers.put(call, sts("AssumeRole", "taken"));

        assertTemporary("taken", new AwsIdentity().key());
        assertEquals(List.of(call), asked);
    }

    @Test
    void aProfileOfALoginAsksThePortalWithTheTokenOfTheLogin() throws Exception {
        config("[profile team]\nsso_start_url = https://example.awsapps.com/start\nsso_region = eu-central-1\n"
                + "sso_account_id = 123456789012\nsso_role_name = embed\n");
        set("AWS_PROFILE", "team");
        String name = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-1")
                        .digest("https://example.awsapps.com/start".getBytes(StandardCharsets.UTF_8)));
        Path cache = Files.createDirectories(home.resolve(".aws/sso/cache"));
        Files.writeString(
                cache.resolve(name + ".json"),
                "{\"accessToken\":\"login\",\"expiresAt\":\"2099-01-01T00:00:00Z\",\"region\":\"eu-central-1\","
                        + "\"startUrl\":\"https://example.awsapps.com/start\"}");
        answers.put(
                "GET /sso/federation/credentials login",
                "{\"roleCredentials\":{\"accessKeyId\":\"person\",\"secretAccessKey\":\"secret\",\"sessionToken\":\"session\","
                        + "\"expiration\":4070908800000}}");

        assertTemporary("person", new AwsIdentity().key());
        assertEquals(List.of("GET /sso/federation/credentials login"), asked);
    }

    @Test
    void aProfileMayRunAProgram() throws IOException {
        Path answer = Files.writeString(
                home.resolve("answer"),
                "{\"Version\":1,\"AccessKeyId\":\"program\",\"SecretAccessKey\":\"secret\",\"SessionToken\":\"session\"}");
        config("[default]\ncredential_process = cat " + answer + "\n");

        assertTemporary("program", new AwsIdentity().key());
    }

    @Test
    void theRoleOfAContainerIsAskedForWithWhatItsFileHolds() throws IOException {
        Path token = Files.writeString(home.resolve("token"), "let-me-in");
        answers.put("GET /keys let-me-in", role("container"));
        set("AWS_CONTAINER_CREDENTIALS_FULL_URI", address() + "/keys");
        set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.toString());
        AwsIdentity identity = new AwsIdentity();

        assertTemporary("container", identity.key());
        assertTemporary("container", identity.key());
        assertEquals(List.of("GET /keys let-me-in"), asked);
    }

    @Test
    void whatLetsInIsSentToNobodyFar() {
        set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://192.0.2.1/");
        assertMisconfigured(
                () -> new AwsIdentity().key(), "the container gives no credentials of its role", "192.0.2.1");
    }

    @Test
    void theRoleOfAMachineIsAskedForInASessionAndAgainWhenItWasRefused() {
        answers.put("PUT /latest/api/token", "session-1");
        answers.put(ROLES + " session-1", "my-role");
        answers.put(ROLES + "my-role session-1", role("machine"));
        AwsIdentity identity = new AwsIdentity();

        assertTemporary("machine", identity.key());
        assertFalse(identity.renew("machine"));
        answers.put(ROLES + "my-role session-1", role("machine-2"));
        assertTrue(identity.renew("machine"));
        assertTemporary("machine-2", identity.key());
    }

    @Test
    void withoutAnyCredentialsAllPlacesAreNamed() {
        set("AWS_EC2_METADATA_DISABLED", "true");
        EmbedlakeException refused = assertMisconfigured(
                () -> new AwsIdentity().key(),
                "no keys in the environment",
                "no credentials in the profile default",
                "none of the machine",
                "Set AWS_ACCESS_KEY_ID");
        assertFalse(refused.getMessage().contains("null"), refused.getMessage());
        assertEquals(List.of(), asked);
    }

    @Test
    void aServiceThatIsDownIsToldApartFromARefusal() throws IOException {
        Path token = Files.writeString(home.resolve("token"), "token-of-the-pod");
        set("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString());
        set("AWS_ROLE_ARN", ARN);
        set("AWS_MAX_ATTEMPTS", "1");
        server.stop(0);
        EmbedlakeException silent = assertThrows(EmbedlakeException.class, () -> new AwsIdentity().key());
        assertEquals(ErrorKind.TRANSIENT, silent.kind(), silent.getMessage());
    }
}
