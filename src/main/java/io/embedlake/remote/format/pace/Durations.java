package io.embedlake.remote.format.pace;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations as servers write them. Stateless. */
final class Durations {
    /** The long units come first: 12ms is not 12 minutes. */
    private static final String PART = "(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|h|m|s)";

    private static final Pattern PARTS = Pattern.compile(PART);
    private static final Pattern GO = Pattern.compile("(?:" + PART + ")+");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(?:\\.\\d+)?");

    private Durations() {}

    /** A duration in Go's notation: {@code 12ms}, {@code 1m30.5s}. */
    static Optional<Duration> go(String text) {
        if (!GO.matcher(text).matches()) {
            return Optional.empty();
        }
        double seconds = 0;
        Matcher parts = PARTS.matcher(text);
        while (parts.find()) {
            seconds += Double.parseDouble(parts.group(1)) * unit(parts.group(2));
        }
        return ofSeconds(seconds);
    }

    /** A plain number of seconds, whole or not. */
    static Optional<Duration> seconds(String text) {
        return NUMBER.matcher(text).matches() ? ofSeconds(Double.parseDouble(text)) : Optional.empty();
    }

    /** A plain number of milliseconds, whole or not. */
    static Optional<Duration> milliseconds(String text) {
        return NUMBER.matcher(text).matches() ? ofSeconds(Double.parseDouble(text) / 1000) : Optional.empty();
    }

    /** Either of both, as in headers that say when a window resets. */
    static Optional<Duration> goOrSeconds(String text) {
        return go(text).or(() -> seconds(text));
    }

    private static Optional<Duration> ofSeconds(double seconds) {
        try {
            long whole = (long) seconds;
            return Optional.of(Duration.ofSeconds(whole, Math.round((seconds - whole) * 1e9)));
        } catch (ArithmeticException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static double unit(String name) {
        return switch (name) {
            case "h" -> 3600;
            case "m" -> 60;
            case "s" -> 1;
            case "ms" -> 1e-3;
            case "us", "µs" -> 1e-6;
            default -> 1e-9;
        };
    }
}
