package io.embedlake.cli;

import io.embedlake.DownloadListener;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Prints how downloads go: a line a file, and one more each tenth of a large one. Thread-safe. */
final class DownloadLines implements DownloadListener {
    private static final long LARGE_BYTES = 50_000_000;
    private static final int STEPS = 10;
    private static final double MEGABYTE = 1e6;

    private final Consumer<String> lines;
    private final Map<String, Long> lastStep = new HashMap<>();

    DownloadLines(Consumer<String> lines) {
        this.lines = lines;
    }

    @Override
    public synchronized void arrived(String file, long bytesDone, OptionalLong bytesTotal) {
        long total = bytesTotal.orElse(0);
        long step = total < LARGE_BYTES ? 0 : bytesDone * STEPS / total;
        Long last = lastStep.put(file, step);
        if (last == null || last != step) {
            lines.accept(String.format(
                    Locale.ROOT, "Downloading %s: %.1f of %.1f MB", file, bytesDone / MEGABYTE, total / MEGABYTE));
        }
    }

    @Override
    public void retries(String reason, Duration pause) {
        lines.accept(String.format(Locale.ROOT, "Trying again in %.1f s: %s", pause.toMillis() / 1000.0, reason));
    }

    @Override
    public void usesCached(String model, String reason) {
        lines.accept("Using the cached " + model + ": " + reason);
    }
}
