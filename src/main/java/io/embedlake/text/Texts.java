package io.embedlake.text;

import io.embedlake.spi.Input;
import io.embedlake.spi.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The least that is done to a text before it is hashed and embedded. Stateless.
 *
 * <p>The planner does the same in Spark's own expressions; a differential test holds the two together.
 */
public final class Texts {
    /** Finds one character that Unicode does not count as white space: a text without any is blank. */
    public static final String NOT_BLANK = "(?U)\\S";

    private static final Pattern NOT_BLANK_PATTERN = Pattern.compile(NOT_BLANK);

    private Texts() {}

    /** The text with each lone surrogate replaced by U+FFFD, and nothing else changed. */
    public static String wellFormed(String text) {
        int at = firstLoneSurrogate(text, 0);
        if (at < 0) {
            return text;
        }
        StringBuilder result = new StringBuilder(text);
        for (; at >= 0; at = firstLoneSurrogate(text, at + 1)) {
            result.setCharAt(at, '\uFFFD');
        }
        return result.toString();
    }

    /** The same with a {@linkplain #wellFormed(String) well-formed} text. */
    public static Input wellFormed(Input input) {
        return input instanceof Input.Text text ? Input.of(wellFormed(text.text())) : input;
    }

    /** Whether the text has no character but white space, as Unicode defines it. */
    public static boolean isBlank(String text) {
        return !NOT_BLANK_PATTERN.matcher(text).find();
    }

    /** The SHA-256 of the text's UTF-8 bytes in hexadecimal; the text must be {@linkplain #wellFormed well-formed}. */
    public static String contentHash(String text) {
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int firstLoneSurrogate(String text, int from) {
        for (int at = from; at < text.length(); at++) {
            char character = text.charAt(at);
            if (Character.isHighSurrogate(character)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1))) {
                at++;
            } else if (Character.isSurrogate(character)) {
                return at;
            }
        }
        return -1;
    }
}
