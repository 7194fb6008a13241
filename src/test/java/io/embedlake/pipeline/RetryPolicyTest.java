package io.embedlake.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
    private final List<Duration> waits = new ArrayList<>();
    private final RetryPolicy policy = new RetryPolicy(4, Duration.ofSeconds(1), waits::add);

    @Test
    void callsOnceWhenNothingFails() {
        assertEquals("answer", policy.run(() -> "answer"));
        assertEquals(List.of(), waits);
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_INPUT, 1",
        "CONFIGURATION, 1",
        "STORAGE, 1",
        "EXHAUSTED, 1",
        "PROTOCOL, 2",
        "TRANSIENT, 5",
        "THROTTLED, 5"
    })
    void triesAgainAsOftenAsTheKindAllows(ErrorKind kind, int expectedCalls) {
        AtomicInteger calls = new AtomicInteger();
        EmbedlakeException failure = assertThrows(
                EmbedlakeException.class,
                () -> policy.run(() -> {
                    throw new EmbedlakeException(kind, "failure " + calls.incrementAndGet());
                }));
        assertEquals(expectedCalls, calls.get());
        assertEquals("failure " + expectedCalls, failure.getMessage());
        assertEquals(expectedCalls - 1, waits.size());
    }

    @Test
    void doublesTheWaitEachTime() {
        assertThrows(
                EmbedlakeException.class,
                () -> policy.run(() -> {
                    throw new EmbedlakeException(ErrorKind.TRANSIENT, "no");
                }));
        assertEquals(
                List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8)),
                waits);
    }

    @Test
    void localComputationsAreNotRetriedExceptForADoubtfulAnswer() {
        for (ErrorKind kind : ErrorKind.values()) {
            AtomicInteger calls = new AtomicInteger();
            assertThrows(EmbedlakeException.class, () -> RetryPolicy.local().run(() -> {
                calls.incrementAndGet();
                throw new EmbedlakeException(kind, "no");
            }));
            assertEquals(kind == ErrorKind.PROTOCOL ? 2 : 1, calls.get(), kind.toString());
        }
    }
}
