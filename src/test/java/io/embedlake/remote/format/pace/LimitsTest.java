package io.embedlake.remote.format.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.remote.format.Reply;
import io.embedlake.remote.format.pace.Limits.Unit;
import io.embedlake.remote.format.pace.Limits.Window;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void readsTheHeadersOfOpenAi() {
        Limits limits = limits(Map.of(
                "x-ratelimit-limit-requests", "5000",
                "x-ratelimit-remaining-requests", "4999",
                "x-ratelimit-reset-requests", "12ms",
                "x-ratelimit-limit-tokens", "1000000",
                "x-ratelimit-remaining-tokens", "0",
                "x-ratelimit-reset-tokens", "6m0s",
                "x-ratelimit-limit-project-tokens", "7"));

        assertEquals(
                List.of(
                        new Window(
                                "project-tokens",
                                Unit.TOKENS,
                                Optional.empty(),
                                OptionalLong.of(7),
                                OptionalLong.empty(),
                                Optional.empty()),
                        new Window(
                                "requests",
                                Unit.REQUESTS,
                                Optional.empty(),
                                OptionalLong.of(5000),
                                OptionalLong.of(4999),
                                Optional.of(Duration.ofMillis(12))),
                        new Window(
                                "tokens",
                                Unit.TOKENS,
                                Optional.empty(),
                                OptionalLong.of(1_000_000),
                                OptionalLong.of(0),
                                Optional.of(Duration.ofMinutes(6)))),
                limits.windows());
        assertTrue(limits.windows().get(2).isSpent());
    }

    @Test
    void readsTheSpansThatMistralNames() {
        Limits limits = limits(Map.of(
                "x-ratelimit-limit-req-minute", "360",
                "x-ratelimit-remaining-tokens-month", "12",
                "x-ratelimit-limit-req-10-second", "5",
                "x-ratelimit-tokens-query-cost", "9"));

        assertEquals(
                List.of("req-10-second", "req-minute", "tokens-month"),
                limits.windows().stream().map(Window::name).toList());
        assertEquals(
                List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofDays(30)),
                limits.windows().stream()
                        .map(window -> window.length().orElseThrow())
                        .toList());
    }

    @Test
    void readsTheDraftOfTheIetf() {
        Window window =
                limits(Map.of("ratelimit", "\"api\";r=0;t=123")).windows().get(0);

        assertTrue(window.isSpent());
        assertEquals(Optional.of(Duration.ofSeconds(123)), window.reset());
    }

    @Test
    void saysNothingWhereTheHeadersSayNothingThatCanBeRead() {
        assertEquals(List.of(), limits(Map.of("x-request-id", "1")).windows());
        assertEquals(
                OptionalLong.empty(),
                limits(Map.of("x-ratelimit-limit-requests", "many"))
                        .windows()
                        .get(0)
                        .limit());
    }

    private static Limits limits(Map<String, String> headers) {
        return Limits.of(new Reply(
                200,
                headers.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue()))),
                new byte[0]));
    }
}
