package io.embedlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.spark.run.Progress;
import io.embedlake.spi.InputKind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleObserverTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final ConsoleObserver observer = new ConsoleObserver(new Terminal(Map.of(), stream, stream));

    private void seen(long texts, int seconds) {
        observer.progress(new Progress("v", InputKind.TEXT, texts, 10, texts, Duration.ofSeconds(seconds)));
    }

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceFirst(" texts.*", ""))
                .toList();
    }

    @Test
    void plainLinesComeNowAndThen() {
        seen(1, 1);
        seen(2, 15);
        seen(3, 20);
        seen(4, 31);
        assertEquals(List.of("v: 2 of 10", "v: 4 of 10"), lines());
    }

    /** The last wave may be written for minutes after its last text was embedded. */
    @Test
    void theEndIsSaidOncePerPhase() {
        seen(10, 1);
        seen(10, 20);
        seen(10, 40);
        observer.phase("another column");
        seen(10, 50);
        assertEquals(List.of("v: 10 of 10", "another column", "v: 10 of 10"), lines());
    }

    @Test
    void whatTheJobWaitsForIsALineOfItsOwn() {
        ConsoleObserver watched =
                new ConsoleObserver(new Terminal(Map.of("EMBEDLAKE_TERMINAL", "true"), stream, stream));
        watched.progress(new Progress("v", InputKind.TEXT, 1, 10, 1, Duration.ofSeconds(1)));
        watched.waiting("Waiting for executors.");
        List<String> lines = lines();
        assertEquals("Waiting for executors.", lines.get(lines.size() - 1));
    }
}
