package io.embedlake.remote.format.pace;

import io.embedlake.remote.format.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rate limits in a reply's headers. No headers do not mean no limit. Immutable.
 *
 * @param windows one for each thing that is counted in a span of time, sorted by name
 */
public record Limits(List<Window> windows) {
    private static final Pattern HEADER = Pattern.compile(
            "x-ratelimit-(limit|remaining|reset)-((?:project-)?(requests?|req|tokens?)(?:-((?:\\d+-)?(?:second|minute|hour|day|month)))?)");
    private static final Pattern DRAFT = Pattern.compile("(?:^|[;,\\s])(r|t)=(\\d+)");

    /** What is counted. */
    public enum Unit {
        /** Calls; with some providers every text is one. */
        REQUESTS,
        /** Tokens. */
        TOKENS
    }

    /**
     * One thing that is counted in a span of time. Immutable.
     *
     * @param name the provider's name of it, such as {@code project-tokens}
     * @param unit what is counted
     * @param length the span, where the name says it
     * @param limit the most in a span
     * @param remaining what is left of it
     * @param reset when all of it is there again
     */
    public record Window(
            String name,
            Unit unit,
            Optional<Duration> length,
            OptionalLong limit,
            OptionalLong remaining,
            Optional<Duration> reset) {

        /** Whether nothing is left. */
        public boolean isSpent() {
            return remaining.isPresent() && remaining.getAsLong() == 0;
        }
    }

    public Limits {
        windows = List.copyOf(windows);
    }

    /** The limits of a reply; empty where it has none. */
    public static Limits of(Reply reply) {
        Map<String, Parts> byName = new TreeMap<>();
        reply.headers().keySet().forEach(header -> {
            Matcher matcher = HEADER.matcher(header);
            if (matcher.matches()) {
                byName.computeIfAbsent(matcher.group(2), name -> new Parts(name, matcher.group(3), matcher.group(4)))
                        .put(matcher.group(1), reply.header(header).orElse(""));
            }
        });
        reply.header("ratelimit").ifPresent(draft -> {
            Parts parts = byName.computeIfAbsent("ratelimit", name -> new Parts(name, "requests", null));
            DRAFT.matcher(draft)
                    .results()
                    .forEach(part -> parts.put(part.group(1).equals("r") ? "remaining" : "reset", part.group(2)));
        });
        return new Limits(byName.values().stream().map(Parts::window).toList());
    }

    /** The headers of one window, while they are gathered. */
    private static final class Parts {
        private final String name;
        private final Unit unit;
        private final Optional<Duration> length;
        private final Map<String, String> values = new TreeMap<>();

        Parts(String name, String unit, String length) {
            this.name = name;
            this.unit = unit.startsWith("req") ? Unit.REQUESTS : Unit.TOKENS;
            this.length = Optional.ofNullable(length).map(Parts::span);
        }

        void put(String what, String value) {
            values.put(what, value);
        }

        Window window() {
            return new Window(
                    name,
                    unit,
                    length,
                    number("limit"),
                    number("remaining"),
                    Optional.ofNullable(values.get("reset")).flatMap(Durations::goOrSeconds));
        }

        private OptionalLong number(String what) {
            String value = values.getOrDefault(what, "");
            return value.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(value)) : OptionalLong.empty();
        }

        private static Duration span(String text) {
            int dash = text.lastIndexOf('-');
            long count = dash > 0 ? Long.parseLong(text.substring(0, dash)) : 1;
            return switch (text.substring(dash + 1)) {
                case "second" -> Duration.ofSeconds(count);
                case "minute" -> Duration.ofMinutes(count);
                case "hour" -> Duration.ofHours(count);
                case "day" -> Duration.ofDays(count);
                default -> Duration.ofDays(30 * count);
            };
        }
    }
}
