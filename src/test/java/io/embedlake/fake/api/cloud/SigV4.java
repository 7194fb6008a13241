package io.embedlake.fake.api.cloud;

import io.embedlake.fake.http.Request;
import io.embedlake.spi.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks requests that are signed by AWS's Signature Version 4, written from its description and not from a client's code. Immutable.
 *
 * @param service such as {@code bedrock}
 */
record SigV4(String service) {
    private static final Pattern AUTHORIZATION =
            Pattern.compile("AWS4-HMAC-SHA256 +Credential=([^/,]+)/(\\d{8})/([^/,]+)/"
                    + "([^/,]+)/aws4_request, *SignedHeaders=([a-z0-9;-]+), *Signature=([0-9a-f]{64})");
    private static final Set<String> MUST_BE_SIGNED = Set.of("host", "x-amz-date");
    private static final String ALGORITHM = "HmacSHA256";

    /** The name of the key that a well-formed signature is of; nothing where there is none or it is of another service. */
    Optional<String> keyId(Request request) {
        return parts(request).map(parts -> parts.group(1));
    }

    private Optional<Matcher> parts(Request request) {
        return request.header("authorization")
                .map(AUTHORIZATION::matcher)
                .filter(Matcher::matches)
                .filter(parts -> parts.group(4).equals(service))
                .filter(parts -> List.of(parts.group(5).split(";")).containsAll(MUST_BE_SIGNED))
                .filter(parts -> request.header("x-amz-date").orElse("").startsWith(parts.group(2)));
    }

    /** Whether this secret made the signature. */
    boolean isSignedWith(Request request, String secret) {
        return parts(request)
                .map(parts -> signature(request, parts, secret).equals(parts.group(6)))
                .orElse(false);
    }

    private static String signature(Request request, Matcher parts, String secret) {
        String scope = parts.group(2) + "/" + parts.group(3) + "/" + parts.group(4) + "/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n" + request.headers().get("x-amz-date") + "\n" + scope + "\n"
                + Sha256.hex(utf8(canonical(request, parts.group(5))));
        byte[] key = hmac(utf8("AWS4" + secret), parts.group(2));
        for (String part : List.of(parts.group(3), parts.group(4), "aws4_request")) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, toSign));
    }

    private static String canonical(Request request, String signedHeaders) {
        StringBuilder headers = new StringBuilder();
        for (String name : signedHeaders.split(";")) {
            String value = request.headers().getOrDefault(name, "");
            headers.append(name)
                    .append(':')
                    .append(value.strip().replaceAll(" +", " "))
                    .append('\n');
        }
        StringBuilder query = new StringBuilder();
        // Sorted by name, which a TreeMap is.
        request.query().forEach((name, value) -> query.append(query.isEmpty() ? "" : "&")
                .append(encoded(name))
                .append('=')
                .append(encoded(value)));
        return request.method() + "\n" + encodedPath(request.target().getRawPath()) + "\n" + query + "\n" + headers
                + "\n" + signedHeaders + "\n" + Sha256.hex(request.body());
    }

    /** Every service but S3 encodes once more what was sent encoded. */
    private static String encodedPath(String sent) {
        return Stream.of(sent.split("/", -1)).map(SigV4::encoded).collect(Collectors.joining("/"));
    }

    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte one : utf8(text)) {
            char character = (char) (one & 0xFF);
            boolean isPlain =
                    character < 0x80 && (Character.isLetterOrDigit(character) || "-_.~".indexOf(character) >= 0);
            encoded.append(isPlain ? String.valueOf(character) : String.format("%%%02X", (int) character));
        }
        return encoded.toString();
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(utf8(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
