package io.embedlake.provider.auth;

import io.embedlake.embed.Sha256;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests with version 4 of Amazon's signatures, for all services but S3: the path is encoded once more in what is signed.
 * Immutable.
 */
public final class AwsSignature implements Credentials {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int DAY_CHARACTERS = 8;
    private static final Pattern KEY_ID = Pattern.compile("Credential=([^/]+)/");

    private final String region;
    private final String service;
    private final AwsKeySource keys;
    private final Clock clock;

    /**
     * The signatures of a caller.
     *
     * @param service its name for signing: {@code bedrock}, though the host is called bedrock-runtime
     * @param clock what the signature is dated with; Amazon refuses one that is minutes off
     */
    public AwsSignature(String region, String service, AwsKeySource keys, Clock clock) {
        this.region = Objects.requireNonNull(region);
        this.service = Objects.requireNonNull(service);
        this.keys = Objects.requireNonNull(keys);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public Map<String, String> headers(Outgoing request) {
        AwsKey key = keys.key();
        String stamp = STAMP.format(clock.instant());
        String bodyHash = Sha256.hex(request.body());
        Map<String, String> added = new LinkedHashMap<>();
        added.put("X-Amz-Date", stamp);
        added.put("X-Amz-Content-Sha256", bodyHash);
        key.sessionToken().ifPresent(token -> added.put("X-Amz-Security-Token", token));
        Map<String, String> signed = new LinkedHashMap<>(request.headers());
        signed.putAll(added);
        added.put("Authorization", authorisation(key, request, signed, stamp, bodyHash));
        return Map.copyOf(added);
    }

    /** The id of the key stands in the signature. */
    @Override
    public boolean renew(Map<String, String> refused) {
        Matcher id = KEY_ID.matcher(refused.getOrDefault("Authorization", ""));
        return id.find() && keys.renew(id.group(1));
    }

    @Override
    public String advice(String reason) {
        return RefusedKey.advice(
                reason,
                "Change AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the profile or the role that is used instead, or what it may do in "
                        + region + ".",
                "Set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN anew, which are read when a process starts; or use"
                        + " a role, whose keys are renewed.");
    }

    /** The header of the signature over a request with these headers. */
    String authorisation(AwsKey key, Outgoing request, Map<String, String> headers, String stamp, String bodyHash) {
        SortedMap<String, String> signed = new TreeMap<>();
        headers.forEach((name, value) ->
                signed.put(name.toLowerCase(Locale.ROOT), value.strip().replaceAll(" +", " ")));
        signed.put("host", host(request.url()));
        String names = String.join(";", signed.keySet());
        String canonical = canonical(request, signed, names, bodyHash);
        String day = stamp.substring(0, DAY_CHARACTERS);
        String scope = day + "/" + region + "/" + service + "/aws4_request";
        String toSign =
                ALGORITHM + "\n" + stamp + "\n" + scope + "\n" + Sha256.hex(canonical.getBytes(StandardCharsets.UTF_8));
        byte[] signing = ("AWS4" + key.secret()).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {day, region, service, "aws4_request"}) {
            signing = hmac(signing, part);
        }
        return ALGORITHM + " Credential=" + key.id() + "/" + scope + ", SignedHeaders=" + names + ", Signature="
                + HexFormat.of().formatHex(hmac(signing, toSign));
    }

    /** The request in the one way of writing it that both sides agree on. */
    static String canonical(Outgoing request, SortedMap<String, String> headers, String names, String bodyHash) {
        String path = request.url().getRawPath();
        String lines = headers.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                .collect(Collectors.joining());
        return request.method() + "\n" + (path.isEmpty() ? "/" : encoded(path)) + "\n" + query(request.url()) + "\n"
                + lines + "\n" + names + "\n" + bodyHash;
    }

    /** Percent signs are encoded too, so that an encoded path is encoded twice. */
    private static String encoded(String path) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain =
                    c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "-_.~/".indexOf(c) >= 0;
            encoded.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return encoded.toString();
    }

    private static String query(URI url) {
        String query = url.getRawQuery();
        return query == null || query.isEmpty()
                ? ""
                : Arrays.stream(query.split("&"))
                        .map(pair -> pair.contains("=") ? pair : pair + "=")
                        .sorted(Comparator.comparing((String pair) -> pair.substring(0, pair.indexOf('=')))
                                .thenComparing(Comparator.naturalOrder()))
                        .collect(Collectors.joining("&"));
    }

    private static String host(URI url) {
        return url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    @Override
    public String toString() {
        return "signature of AWS for " + service + " in " + region;
    }
}
