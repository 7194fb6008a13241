package io.embedlake.remote.batch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * How batches are run. Immutable.
 *
 * @param folder an existing folder for files on their way; what it loses is made again
 * @param limits of a batch, besides the provider's
 * @param atOnce the most batches under way
 * @param firstPoll the wait before the second look at batches; it doubles as long as nothing ends
 * @param longestPoll the most of these
 * @param settling how long a batch may take until the provider's list shows it
 * @param attempts how often a batch is submitted
 */
public record BatchSettings(
        Path folder,
        BatchLimits limits,
        int atOnce,
        Duration firstPoll,
        Duration longestPoll,
        Duration settling,
        int attempts) {
    public BatchSettings {
        Objects.requireNonNull(folder);
        Objects.requireNonNull(limits);
        if (atOnce < 1 || attempts < 1 || firstPoll.isNegative() || firstPoll.isZero() || settling.isNegative()) {
            throw new IllegalArgumentException("numbers and times are positive");
        }
        if (longestPoll.compareTo(firstPoll) < 0) {
            throw new IllegalArgumentException("the longest wait is not shorter than the first");
        }
    }

    /** What is usual: 8 batches at once, a look every 15 s to 5 minutes. */
    public static BatchSettings in(Path folder) {
        return new BatchSettings(
                folder, BatchLimits.NONE, 8, Duration.ofSeconds(15), Duration.ofMinutes(5), Duration.ofSeconds(30), 5);
    }
}
