package io.embedlake.remote.format.common;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Checks options, and gathers those that change vectors. Confined to one thread. */
public final class Options {
    private static final int LONGEST_NAME = 512;
    private static final int LONGEST_SHOWN = 80;

    private final Map<String, String> values = new TreeMap<>();

    private Options(String api, String model) {
        values.put("api", api);
        values.put("model", model);
    }

    /** The options of a model of an API. */
    public static Options of(String api, String model) {
        return new Options(api, model);
    }

    /** With one more, if present. */
    public Options with(String name, Optional<?> value) {
        value.ifPresent(present -> values.put(name, present.toString()));
        return this;
    }

    /** With a number, if present. */
    public Options with(String name, OptionalInt value) {
        value.ifPresent(present -> values.put(name, String.valueOf(present)));
        return this;
    }

    /** With a switch, unless it is unset. */
    public Options with(String name, Switch value) {
        if (value != Switch.DEFAULT) {
            values.put(name, value.toString());
        }
        return this;
    }

    /** By name. */
    public Map<String, String> map() {
        return Map.copyOf(values);
    }

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

    /** A positive number, if present. */
    public static void requirePositive(String option, OptionalInt value) {
        value.ifPresent(number -> require(option, number, number > 0, "1 or more"));
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
