package io.embedlake.remote.format.pace;

import io.embedlake.remote.format.Reply;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How long a reply asks to wait: the longest of all its hints, because some contradict each other and the shortest has been seen to be
 * zero. Neither capped nor raised to a least. Uses no clock: dates are relative to the reply's own. Stateless.
 */
public final class Delays {
    private static final Pattern IN_WORDS = Pattern.compile(
            "(?i)(?:try again in|retry in|retry after|wait) (?:about )?(\\d[\\d.a-zµ]*)( ?(?:milli)?seconds?)?");
    private static final long EARLIEST_EPOCH = 1_000_000_000;

    private Delays() {}

    /**
     * The longest hint of a reply.
     *
     * @param message the provider's words
     * @param stated durations in fields of the body, such as {@code 48s}
     */
    public static Optional<Duration> longest(Reply reply, String message, List<String> stated) {
        return Stream.of(
                        inHeaders(reply),
                        inWords(message),
                        stated.stream().flatMap(text -> Durations.goOrSeconds(text).stream()))
                .flatMap(hints -> hints)
                .max(Comparator.naturalOrder());
    }

    private static Stream<Duration> inHeaders(Reply reply) {
        Stream<Optional<Duration>> named = Stream.of(
                reply.header("retry-after-ms").flatMap(Durations::milliseconds),
                reply.header("x-ms-retry-after-ms").flatMap(Durations::milliseconds),
                reply.header("retry-after")
                        .flatMap(text -> Durations.seconds(text).or(() -> date(text, reply))),
                reply.header("x-ratelimit-reset").flatMap(text -> reset(text, reply)));
        return Stream.concat(
                named.flatMap(Optional::stream),
                Limits.of(reply).windows().stream()
                        .filter(Limits.Window::isSpent)
                        .flatMap(window -> window.reset().stream()));
    }

    /** Every hint of the words counts: one message may name the wait of a window and that of a day. */
    private static Stream<Duration> inWords(String message) {
        Matcher matcher = IN_WORDS.matcher(message);
        return matcher.results().flatMap(hint -> {
            String amount = hint.group(1).replaceFirst("\\.+$", "");
            String unit = hint.group(2);
            boolean small = unit != null && unit.strip().startsWith("milli");
            return (small ? Durations.milliseconds(amount) : Durations.goOrSeconds(amount)).stream();
        });
    }

    private static Optional<Duration> date(String text, Reply reply) {
        return between(reply, moment(text));
    }

    /** Seconds from now, or since 1970 where they would be decades. */
    private static Optional<Duration> reset(String text, Reply reply) {
        Optional<Duration> seconds = Durations.goOrSeconds(text);
        return seconds.isPresent() && seconds.get().toSeconds() > EARLIEST_EPOCH
                ? between(reply, since1970(seconds.get()))
                : seconds;
    }

    /** A server may write any number. */
    private static Optional<Instant> since1970(Duration time) {
        try {
            return Optional.of(Instant.EPOCH.plus(time));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** From the reply's date on; the clock of this machine may be another. */
    private static Optional<Duration> between(Reply reply, Optional<Instant> then) {
        Optional<Instant> now = reply.header("date").flatMap(Delays::moment);
        return now.isEmpty() || then.isEmpty()
                ? Optional.empty()
                : Optional.of(Duration.between(now.get(), then.get())).filter(wait -> !wait.isNegative());
    }

    private static Optional<Instant> moment(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
