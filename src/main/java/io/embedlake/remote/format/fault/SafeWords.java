package io.embedlake.remote.format.fault;

import java.util.regex.Pattern;

/**
 * Makes a provider's message safe to log: removes secrets, and long quotations and base64, which may be a user's text or image. Stateless.
 */
final class SafeWords {
    private static final int MOST_CHARACTERS = 200;
    /** Apostrophes within words do not quote. */
    private static final Pattern LONG_QUOTATION =
            Pattern.compile("\"[^\"]{41,}\"|(?<!\\w)'[^']{41,}'(?!\\w)|`[^`]{41,}`|“[^”]{41,}”");

    private static final Pattern BASE64 =
            Pattern.compile("data:[\\w/.+-]+;base64,[A-Za-z0-9+/=]*|(?=[A-Za-z/]*[0-9+])[A-Za-z0-9+/]{64,}={0,2}");

    private static final Pattern KEY = Pattern.compile("\\b(?:sk|pk|pa|al|hf|jina|key)[-_][A-Za-z0-9_*.\\-]{8,}"
            + "|\\b(?:AKIA|ASIA|AIza)[A-Za-z0-9_\\-]{8,}|\\bBearer [A-Za-z0-9_.\\-]{8,}|\\S*\\*{3,}\\S*");
    private static final Pattern LIKE_A_KEY = Pattern.compile("(?=\\S*[\\d*])[^\\s,;()\"'`]{8,}");

    private SafeWords() {}

    /** The words without what they repeat of a text or an image, for rules: what a user sent shall not decide what an error means. */
    static String withoutQuotations(String words) {
        return BASE64.matcher(LONG_QUOTATION.matcher(words).replaceAll("'...'")).replaceAll("...");
    }

    /** The words, shortened. */
    static String of(String words) {
        String plain = words.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        String safe = KEY.matcher(withoutQuotations(plain)).replaceAll("***");
        if (safe.length() <= MOST_CHARACTERS) {
            return safe;
        }
        int end = Character.isHighSurrogate(safe.charAt(MOST_CHARACTERS - 1)) ? MOST_CHARACTERS - 1 : MOST_CHARACTERS;
        return safe.substring(0, end) + "...";
    }

    /** The words of a reply about a key: anything that looks like a key is hidden. */
    static String aboutKeys(String words) {
        return of(LIKE_A_KEY.matcher(words).replaceAll("***"));
    }
}
