package io.embedlake.remote.auth;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** A key sent verbatim in a header, the same for every call unless it is replaced at its source. Immutable. */
public final class HeaderKey implements Credentials {
    private final String header;
    private final String prefix;
    private final Supplier<String> key;

    private HeaderKey(String header, String prefix, Supplier<String> key) {
        this.header = header;
        this.prefix = prefix;
        this.key = Objects.requireNonNull(key);
    }

    /** {@code Authorization: Bearer}, which most providers require. */
    public static HeaderKey bearer(Supplier<String> key) {
        return new HeaderKey("Authorization", "Bearer ", key);
    }

    /** {@code api-key}, as Azure requires. */
    public static HeaderKey azure(Supplier<String> key) {
        return new HeaderKey("api-key", "", key);
    }

    /** {@code x-goog-api-key}, as the Gemini API requires. */
    public static HeaderKey google(Supplier<String> key) {
        return new HeaderKey("x-goog-api-key", "", key);
    }

    /** A header of another name, for gateways. */
    public static HeaderKey named(String header, Supplier<String> key) {
        if (!header.matches("[A-Za-z0-9-]{1,64}")) {
            throw new IllegalArgumentException("a header's name is of letters, digits and dashes");
        }
        return new HeaderKey(header, "", key);
    }

    @Override
    public Map<String, String> headers(Outgoing request) {
        return Map.of(header, prefix + checked(header, key.get()));
    }

    /** A file's key may have been replaced since the call was signed. */
    @Override
    public boolean renew(Map<String, String> refused) {
        String before = refused.getOrDefault(header, "");
        return !before.isEmpty() && !before.equals(prefix + checked(header, key.get()));
    }

    @Override
    public String toString() {
        return "key in " + header;
    }

    /** Strips white space: a line end in a secret would end the header. */
    static String checked(String header, String secret) {
        String stripped = secret.strip();
        if (stripped.isEmpty() || stripped.chars().anyMatch(c -> c < '!' || c > '~')) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the secret for " + header
                            + ": it is empty or holds blanks, line ends or characters that are not ASCII (a header cannot)."
                            + " Check where it is kept.");
        }
        return stripped;
    }
}
