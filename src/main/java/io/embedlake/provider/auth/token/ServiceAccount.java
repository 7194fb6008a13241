package io.embedlake.provider.auth.token;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.provider.auth.token.TokenAnswer.Remedy;
import io.embedlake.provider.wire.json.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Gets tokens for a service account of Google Cloud: a claim, signed with the account's key, is exchanged for one. Thread-safe; prints no
 * key.
 */
public final class ServiceAccount implements TokenFetcher {
    private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final String TYPE = "service_account";

    /** The longest that Google accepts. */
    private static final long CLAIM_SECONDS = 3600;

    private static final List<Remedy> REMEDIES = List.of(
            Remedy.of(
                    "timeframe|iat and exp|short-lived",
                    "the clock of this machine and Google's are minutes apart). Set this machine's clock."),
            Remedy.of(
                    "invalid_grant",
                    "the service account or its key was deleted or switched off). Make a new key, and put it where api-key says."),
            Remedy.of("\\w", "it gives none to this service account). Put another one's key where api-key says."));

    private final URI tokenUrl;
    private final String email;
    private final String keyId;
    private final PrivateKey key;
    private final TokenAnswer answers;
    private final Clock clock;

    private ServiceAccount(URI tokenUrl, String email, String keyId, PrivateKey key, FormPost post, Clock clock) {
        this.tokenUrl = tokenUrl;
        this.email = email;
        this.keyId = keyId;
        this.key = key;
        this.answers = new TokenAnswer(post, clock, REMEDIES);
        this.clock = Objects.requireNonNull(clock);
    }

    /**
     * The account of a key file.
     *
     * @param json its content, as Google gives it out
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is no such file, or its address of tokens is not encrypted
     */
    public static ServiceAccount of(String json, FormPost post, Clock clock) {
        JsonNode file = Json.tree(json.getBytes(StandardCharsets.UTF_8));
        if (!file.path("type").asText("").equals(TYPE)) {
            throw unusable("its type is not " + TYPE, null);
        }
        try {
            return new ServiceAccount(
                    TokenServer.requireSafe(URI.create(field(file, "token_uri"))),
                    field(file, "client_email"),
                    field(file, "private_key_id"),
                    key(field(file, "private_key")),
                    post,
                    clock);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw unusable("its private_key or its token_uri cannot be read", e);
        }
    }

    private static String field(JsonNode file, String name) {
        String value = file.path(name).asText("");
        if (value.isEmpty()) {
            throw unusable("it has no " + name, null);
        }
        return value;
    }

    private static PrivateKey key(String pem) throws GeneralSecurityException {
        String base64 = pem.replaceAll("-----[A-Z ]+-----|\\s", "");
        return KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    /** The cause of a key that cannot be read might repeat some of it, and is left out. */
    private static EmbedlakeException unusable(String why, Exception cause) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot use the JSON that api-key refers to: " + why
                        + (cause == null ? "" : ", " + cause.getClass().getSimpleName())
                        + " (the key file of a service account, or an access token as it is). Change api-key.");
    }

    @Override
    public AccessToken fetch() {
        return answers.ask(tokenUrl, Map.of(), Map.of("grant_type", GRANT, "assertion", claim()));
    }

    /** A signed JSON Web Token. */
    private String claim() {
        long now = clock.instant().getEpochSecond();
        String signed = part(Map.of("alg", "RS256", "typ", "JWT", "kid", keyId))
                + "."
                + part(Map.of(
                        "iss",
                        email,
                        "scope",
                        SCOPE,
                        "aud",
                        tokenUrl.toString(),
                        "iat",
                        now,
                        "exp",
                        now + CLAIM_SECONDS));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw unusable("its private_key cannot sign", e);
        }
    }

    private static String part(Map<String, Object> fields) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Json.write(fields).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String remedy() {
        return "Give the service account the right to call it (the role Vertex AI User), or change api-key or project.";
    }

    @Override
    public String toString() {
        return "service account at " + tokenUrl.getHost();
    }
}
