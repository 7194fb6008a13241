package io.embedlake.remote.auth.token;

import io.embedlake.remote.auth.token.TokenAnswer.Remedy;
import io.embedlake.remote.format.json.Json;
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
 * Requests tokens for a service account of Google Cloud, in exchange for a claim signed with the account's key. Thread-safe; prints no key.
 */
public final class ServiceAccount implements TokenFetcher {
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";

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

    private ServiceAccount(URI tokenUrl, String email, String keyId, PrivateKey key, TokenHttp http, Clock clock) {
        this.tokenUrl = tokenUrl;
        this.email = email;
        this.keyId = keyId;
        this.key = key;
        this.answers = new TokenAnswer(http, clock, REMEDIES);
        this.clock = Objects.requireNonNull(clock);
    }

    /** The account of a key file. */
    static ServiceAccount of(GoogleFile file, TokenHttp http, Clock clock) {
        try {
            return new ServiceAccount(
                    file.address("token_uri"),
                    file.required("client_email"),
                    file.required("private_key_id"),
                    key(file.required("private_key")),
                    http,
                    clock);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw GoogleFile.unusable("its private_key or its token_uri cannot be read", e);
        }
    }

    private static PrivateKey key(String pem) throws GeneralSecurityException {
        String base64 = pem.replaceAll("-----[A-Z ]+-----|\\s", "");
        return KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    @Override
    public AccessToken fetch() {
        return answers.ask(TokenRequest.form(tokenUrl, Map.of(), Map.of("grant_type", GRANT, "assertion", claim())));
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
                        GoogleFile.SCOPE,
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
            throw GoogleFile.unusable("its private_key cannot sign", e);
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
