package io.embedlake.remote.format.common;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Checks what a job says. Stateless. */
public final class Options {
    private static final int LONGEST_NAME = 512;
    private static final int LONGEST_SHOWN = 80;

    private Options() {}

    /** A name that is not blank or overlong and has no control characters. */
    public static void requireName(String option, String value) {
        require(
                option,
                value,
                !value.isBlank()
                        && value.length() <= LONGEST_NAME
                        && value.chars().noneMatch(Character::isISOControl),
                "1 to " + LONGEST_NAME + " characters on one line");
    }

    /**
     * What an option must be.
     *
     * @param rule what is allowed, in words
     */
    public static void require(String option, Object value, boolean holds, String rule) {
        if (!holds) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the option " + option + ": " + shown(value) + " (" + rule
                            + "). Change it or leave it out.");
        }
    }

    private static String shown(Object value) {
        String line = value.toString().replaceAll("\\p{Cntrl}", "?");
        return line.length() <= LONGEST_SHOWN ? line : line.substring(0, LONGEST_SHOWN) + "...";
    }

    /** A part of a path, percent-encoded: what is not a letter, digit or one of {@code -_.~} would have a special meaning. */
    public static String pathSegment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
