package io.embedlake.remote.auth;

import java.util.List;
import java.util.regex.Pattern;

/** The cause of a provider's refusal of a key or a signature, by its words. Stateless. */
final class RefusedKey {
    private record Line(Pattern words, String advice) {}

    private static final List<Line> LINES = List.of(
            line(
                    "signature (has )?expired|signature not yet current|RequestTimeTooSkewed|RequestExpired|clock skew",
                    "the clock of this machine and the provider's are minutes apart). Set this machine's clock."),
            line(
                    "scoped to (a valid|correct) (region|service)|credential scope",
                    "the signature is for another region). Change location, or endpoint where it is set."),
            line(
                    "InvalidSignatureException|SignatureDoesNotMatch",
                    "the secret key does not fit to the key's id). Change AWS_SECRET_ACCESS_KEY or AWS_ACCESS_KEY_ID."));

    /** Some say that a key is wrong or has expired. */
    private static final Pattern EXPIRED =
            Pattern.compile("(?<!\\bor )(?<!\\bor ha[vs]e? )expired", Pattern.CASE_INSENSITIVE);

    private RefusedKey() {}

    private static Line line(String words, String advice) {
        return new Line(Pattern.compile(words, Pattern.CASE_INSENSITIVE), advice);
    }

    /**
     * The rule and what to do, to be read after the provider's words.
     *
     * @param reason the provider's words
     * @param remedy what to do where they say nothing more
     * @param fresh what to do where they say that it has expired
     */
    static String advice(String reason, String remedy, String fresh) {
        return LINES.stream()
                .filter(line -> line.words().matcher(reason).find())
                .map(Line::advice)
                .findFirst()
                .orElseGet(() -> EXPIRED.matcher(reason).find()
                        ? "the key has expired). " + fresh
                        : "the provider refuses the key). " + remedy);
    }
}
