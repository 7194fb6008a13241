package io.embedlake.remote.auth;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.embedlake.remote.auth.token.AccessToken;
import io.embedlake.remote.auth.token.ClientCredentials;
import io.embedlake.remote.auth.token.GoogleFile;
import io.embedlake.remote.auth.token.MetadataToken;
import io.embedlake.remote.auth.token.TokenHttp;
import io.embedlake.remote.auth.token.TokenRequest;
import io.embedlake.remote.auth.token.TokenServer;
import io.embedlake.spi.EmbedlakeException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Identities that clouds give to what runs there: what is asked of whom, and what becomes of the answers. */
class CloudIdentitiesTest {
    private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final String SCOPE = "https://cognitiveservices.azure.com/.default";
    private static final UnaryOperator<String> NO_FILES = path -> {
        throw new AssertionError("nobody reads " + path);
    };

    private final List<TokenRequest> asked = new ArrayList<>();

    private TokenHttp answering(String... answers) {
        return request -> {
            asked.add(request);
            String answer = answers[asked.size() - 1];
            int status = answer.contains("error") ? 400 : 200;
            return new TokenHttp.Answer(status, answer.getBytes(StandardCharsets.UTF_8));
        };
    }

    private AccessToken azure(Map<String, String> environment, Optional<String> client, String answer) {
        return MetadataToken.azure(environment, client, SCOPE, "Or set api-key.", answering(answer), CLOCK)
                .fetch();
    }

    private void assertAsked(int number, String method, String url, Map<String, String> headers, String body) {
        TokenRequest request = asked.get(number);
        assertEquals(method + " " + url, request.method() + " " + request.url());
        assertEquals(headers, request.headers());
        assertEquals(body, request.body());
    }

    @Test
    void aVirtualMachineOfAzureHasAnIdentity() {
        AccessToken token = azure(
                Map.of(),
                Optional.of("my-id"),
                "{\"access_token\":\"t\",\"expires_in\":\"3599\",\"expires_on\":\"1\"}");

        assertEquals(new AccessToken("t", NOW.plusSeconds(3599)), token);
        assertAsked(
                0,
                "GET",
                "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01"
                        + "&resource=https%3A%2F%2Fcognitiveservices.azure.com&client_id=my-id",
                Map.of("Metadata", "true"),
                "");
        assertEquals(TokenRequest.Reach.NEAR, asked.get(0).reach());
    }

    @Test
    void anAppOfAzureIsToldWhereItsIdentityIs() {
        AccessToken token = azure(
                Map.of("IDENTITY_ENDPOINT", "http://localhost:4141/msi/token", "IDENTITY_HEADER", "let-me-in"),
                Optional.empty(),
                "{\"access_token\":\"t\",\"expires_on\":\"1795392000\"}");

        assertEquals(new AccessToken("t", Instant.ofEpochSecond(1795392000)), token);
        assertAsked(
                0,
                "GET",
                "http://localhost:4141/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fcognitiveservices.azure.com",
                Map.of("X-IDENTITY-HEADER", "let-me-in"),
                "");
    }

    @Test
    void aMachineWithoutIdentityAndOneThatIsNotInTheCloudAreToldApart() {
        assertMisconfigured(
                () -> azure(
                        Map.of(),
                        Optional.empty(),
                        "{\"error\":\"invalid_request\",\"error_description\":\"Identity not found\"}"),
                "169.254.169.254 answers HTTP 400, invalid_request",
                "Assign it one",
                "Or set api-key.");
        TokenHttp silent = request -> {
            throw new ConnectException("no route");
        };
        assertMisconfigured(
                () -> MetadataToken.azure(Map.of(), Optional.empty(), SCOPE, "Or set api-key.", silent, CLOCK)
                        .fetch(),
                "169.254.169.254 (no answer of a metadata service; no route)",
                "Or set api-key.");
        assertMisconfigured(
                () -> MetadataToken.google(Map.of(), silent, CLOCK).fetch(),
                "metadata.google.internal (no answer of a metadata service; no route)",
                "GOOGLE_APPLICATION_CREDENTIALS");
    }

    @Test
    void aPodOfAzureShowsItsTokenInPlaceOfASecret() {
        TokenServer server = new TokenServer(
                TokenServer.entra("https://login.example.com", "my-tenant"), SCOPE, TokenServer.Place.ASSERTION);
        ClientCredentials pod = new ClientCredentials(
                server, "my-id", () -> "pod+token\n", answering("{\"access_token\":\"t\"}"), CLOCK);

        assertEquals("t", pod.fetch().value());
        assertAsked(
                0,
                "POST",
                "https://login.example.com/my-tenant/oauth2/v2.0/token",
                Map.of(),
                "client_assertion=pod%2Btoken&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
                        + "&client_id=my-id&grant_type=client_credentials&scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default");
        asked.clear();
        EmbedlakeException refused = assertMisconfigured(
                () -> new ClientCredentials(
                                server,
                                "my-id",
                                () -> "pod+token",
                                answering(
                                        "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS70021: No matching federated"
                                                + " identity record found for pod+token\"}"),
                                CLOCK)
                        .fetch(),
                "the client trusts no such workload");
        assertFalse(refused.getMessage().contains("pod+token"), refused.getMessage());
    }

    @Test
    void aMachineOfGoogleHasAServiceAccount() {
        AccessToken token = MetadataToken.google(
                        Map.of("GCE_METADATA_HOST", "127.0.0.1:8080"),
                        answering("{\"access_token\":\"t\",\"expires_in\":3599,\"token_type\":\"Bearer\"}"),
                        CLOCK)
                .fetch();

        assertEquals(new AccessToken("t", NOW.plusSeconds(3599)), token);
        assertAsked(
                0,
                "GET",
                "http://127.0.0.1:8080/computeMetadata/v1/instance/service-accounts/default/token",
                Map.of("Metadata-Flavor", "Google"),
                "");
    }

    @Test
    void aUserOfGooglesCommandLineHasARefreshTokenAndAProjectThatIsCharged() {
        String file =
                """
                {"type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "1//r",
                 "quota_project_id": "my-project"}""";
        TokenHttp http = answering("{\"access_token\":\"t\",\"expires_in\":3599}");
        GoogleAccess access = new GoogleAccess(() -> file, read -> read.tokens(NO_FILES, http, CLOCK), CLOCK);

        assertEquals(
                Map.of("Authorization", "Bearer t", "x-goog-user-project", "my-project"),
                access.headers(new Outgoing("POST", URI.create("https://api.example.com"), Map.of(), new byte[0])));
        assertAsked(
                0,
                "POST",
                "https://oauth2.googleapis.com/token",
                Map.of(),
                "client_id=c&client_secret=s&grant_type=refresh_token&refresh_token=1%2F%2Fr");
        asked.clear();
        EmbedlakeException refused = assertMisconfigured(
                () -> GoogleFile.of(file)
                        .tokens(NO_FILES, answering("{\"error\":\"invalid_grant\"}"), CLOCK)
                        .fetch(),
                "gcloud auth application-default login");
        assertFalse(refused.getMessage().contains("1//r"), refused.getMessage());
    }

    private static String workload(String source, String more) {
        return """
                {"type": "external_account", "audience": "//iam.googleapis.com/pool",
                 "subject_token_type": "urn:ietf:params:oauth:token-type:jwt", "token_url": "https://sts.googleapis.com/v1/token",
                 "credential_source": %s%s}"""
                .formatted(source, more);
    }

    private AccessToken token(String file, TokenHttp http) {
        return GoogleFile.of(file)
                .tokens(path -> path.equals("/token") ? "of-the-pod\n" : "{\"id_token\": \"of-the-pod\"}", http, CLOCK)
                .fetch();
    }

    @Test
    void aWorkloadExchangesTheTokenOfItsFile() {
        String form = "audience=%2F%2Fiam.googleapis.com%2Fpool"
                + "&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange"
                + "&requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token"
                + "&scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcloud-platform&subject_token=of-the-pod"
                + "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt";
        String answer = "{\"access_token\":\"t\",\"expires_in\":3599}";
        TokenHttp http = answering(answer, answer);
        String json =
                "{\"file\": \"/json\", \"format\": {\"type\": \"json\", \"subject_token_field_name\": \"id_token\"}}";

        assertEquals("t", token(workload("{\"file\": \"/token\"}", ""), http).value());
        assertEquals("t", token(workload(json, ""), http).value());
        assertAsked(0, "POST", "https://sts.googleapis.com/v1/token", Map.of(), form);
        assertAsked(1, "POST", "https://sts.googleapis.com/v1/token", Map.of(), form);
    }

    @Test
    void aWorkloadMayActAsAServiceAccount() {
        String url = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a@b:generateAccessToken";
        String file = workload("{\"file\": \"/token\"}", ", \"service_account_impersonation_url\": \"" + url + "\"");
        AccessToken token = token(
                file,
                answering(
                        "{\"access_token\":\"t\"}",
                        "{\"accessToken\":\"of-account\",\"expireTime\":\"2026-11-23T01:00:00Z\"}"));

        assertEquals(new AccessToken("of-account", NOW.plusSeconds(3600)), token);
        assertEquals(url, asked.get(1).url().toString());
        assertEquals(Map.of("Authorization", "Bearer t"), asked.get(1).headers());
        asked.clear();
        assertMisconfigured(
                () -> token(
                        file,
                        answering(
                                "{\"access_token\":\"t\"}",
                                "{\"error\":{\"code\":403,\"status\":\"PERMISSION_DENIED\"}}")),
                "PERMISSION_DENIED",
                "Service Account Token Creator");
    }

    @Test
    void whatIsNotBuiltIsRefusedByName() {
        for (String source : List.of(
                "{\"executable\": {\"command\": \"x\"}}",
                "{\"environment_id\": \"aws1\"}",
                "{\"url\": \"http://a\"}")) {
            assertMisconfigured(
                    () -> token(workload(source, ""), answering()),
                    "its credential_source is no file",
                    "GOOGLE_APPLICATION_CREDENTIALS");
        }
    }
}
