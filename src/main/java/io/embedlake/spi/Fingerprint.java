package io.embedlake.spi;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A canonical string and its hash: everything that changes a vector, and nothing else. Immutable.
 *
 * <p>The canonical form is {@code name=value} pairs sorted by name and joined with {@code ;}; {@code %}, {@code ;} and
 * {@code =} inside values are percent-encoded, so that two different sets of pairs never read alike. The hash is the first
 * 128 bits of the SHA-256 of its UTF-8 bytes, in hexadecimal.
 *
 * @param canonical the canonical form
 */
public record Fingerprint(String canonical) implements Serializable {
    private static final int HASH_CHARACTERS = 32;

    public Fingerprint {
        if (canonical.isEmpty()) {
            throw new IllegalArgumentException("a fingerprint needs at least one property");
        }
    }

    /** The fingerprint of these properties, independent of their order. */
    public static Fingerprint of(Map<String, String> properties) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(properties).forEach((name, value) -> text.append(text.isEmpty() ? "" : ";")
                .append(encode(name))
                .append('=')
                .append(encode(value)));
        return new Fingerprint(text.toString());
    }

    /** 32 hexadecimal characters. */
    public String hash() {
        return Sha256.hex(canonical.getBytes(StandardCharsets.UTF_8)).substring(0, HASH_CHARACTERS);
    }

    @Override
    public String toString() {
        return hash();
    }

    private static String encode(String text) {
        return text.replace("%", "%25").replace(";", "%3B").replace("=", "%3D");
    }
}
