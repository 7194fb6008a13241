package io.embedlake.remote.format.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.remote.format.Reply;
import io.embedlake.testing.Property;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DelaysTest {
    @ParameterizedTest
    @CsvSource({
        "12ms, 12",
        "0s, 0",
        "1s, 1000",
        "6m0s, 360000",
        "1m30.5s, 90500",
        "1h2m3s, 3723000",
        "48.939935699s, 48939",
        "1500us, 1",
        "2h, 7200000",
        "0.5s, 500"
    })
    void readsDurationsOfGo(String text, long milliseconds) {
        assertEquals(milliseconds, Durations.go(text).orElseThrow().toMillis());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "12", "1d", "-1s", "1 s", "1s ", "ms12"})
    void refusesWhatIsNoDurationOfGo(String text) {
        assertEquals(Optional.empty(), Durations.go(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Please try again in 2.812s. Visit the page|2812",
                "Please try again in 350ms.|350",
                "try again in 1m2s|62000",
                "Please retry after 55 seconds. Go|55000",
                "Please retry in 48.9s.|48900",
                "Retry after 500 milliseconds|500",
                "try again in 1s or, for a day's quota, try again in 2h|7200000"
            })
    void readsDelaysInWords(String message, long milliseconds) {
        assertEquals(Optional.of(Duration.ofMillis(milliseconds)), longest(Map.of(), message));
    }

    @Test
    void noWordsAreNoDelay() {
        assertEquals(Optional.empty(), longest(Map.of(), "please wait and try again later"));
    }

    @Test
    void theLongestHintCounts() {
        assertEquals(
                Optional.of(Duration.ofSeconds(9)),
                Delays.longest(
                        reply(Map.of("retry-after", "2", "retry-after-ms", "3000")),
                        "try again in 4s",
                        List.of("9s", "1s")));
    }

    @Test
    void aDateCountsFromTheDateOfTheReplyAndOneThatIsOverIsNone() {
        String now = "Mon, 23 Nov 2026 04:00:00 GMT";

        assertEquals(
                Optional.of(Duration.ofMinutes(1)),
                longest(Map.of("retry-after", "Mon, 23 Nov 2026 04:01:00 GMT", "date", now), ""));
        assertEquals(
                Optional.empty(), longest(Map.of("retry-after", "Mon, 23 Nov 2026 03:59:00 GMT", "date", now), ""));
        assertEquals(Optional.empty(), longest(Map.of("retry-after", "next week", "date", now), ""));
    }

    @Test
    void theResetOfAWindowCountsOnlyWhereNothingIsLeftOfIt() {
        Map<String, String> left = Map.of("x-ratelimit-remaining-tokens", "5", "x-ratelimit-reset-tokens", "1h");
        Map<String, String> spent = Map.of("x-ratelimit-remaining-tokens", "0", "x-ratelimit-reset-tokens", "1h");

        assertEquals(Optional.empty(), longest(left, ""));
        assertEquals(Optional.of(Duration.ofHours(1)), longest(spent, ""));
    }

    @Test
    void aResetAfterTheEndOfTimeIsNoHint() {
        assertEquals(
                Optional.empty(),
                longest(
                        Map.of("x-ratelimit-reset", "99999999999999999", "date", "Sun, 29 Nov 2026 22:00:00 GMT"),
                        "slow down"));
    }

    @Test
    void nothingThatAServerWritesBreaksTheReader() {
        Property.holds(2000, random -> {
            String junk = random.ints(random.nextInt(30), 0, 16)
                    .mapToObj("0123456789.smhe-:"::charAt)
                    .map(String::valueOf)
                    .collect(Collectors.joining());
            longest(
                    Map.of("retry-after", junk, "retry-after-ms", junk, "x-ratelimit-reset", junk, "ratelimit", junk),
                    "try again in " + junk);
        });
    }

    private static Optional<Duration> longest(Map<String, String> headers, String message) {
        return Delays.longest(reply(headers), message, List.of());
    }

    private static Reply reply(Map<String, String> headers) {
        return new Reply(
                429,
                headers.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue()))),
                new byte[0]);
    }
}
