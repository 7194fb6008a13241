package io.embedlake.remote.limit;

import java.time.Duration;

/**
 * How exactly calls are spread in time. Immutable.
 *
 * @param window the shortest window in which a limit's share must hold; a tenth of a minute's limit in six seconds, and so on
 * @param lateness how late a call may go, where the sender's clock is certain enough; the pace is slower by its part of the window, so that
 *     late calls fit beside punctual ones
 * @param horizon how far ahead permits are given, which is also how long they remain valid after a pause begins
 */
public record Pace(Duration window, Duration lateness, Duration horizon) {
    /** For strict servers: a share in each second, by calls at most 20 ms late. 98 % of the limit can be used. */
    public static final Pace STRICT = new Pace(Duration.ofSeconds(1), Duration.ofMillis(20), Duration.ofMillis(200));

    /**
     * For machines so busy that threads wake up late: a share in each ten seconds, by calls at most 200 ms late. 98 % of the limit can be
     * used.
     */
    public static final Pace LENIENT = new Pace(Duration.ofSeconds(10), Duration.ofMillis(200), Duration.ofMillis(200));

    public Pace {
        if (window.compareTo(Duration.ZERO) <= 0
                || lateness.compareTo(Duration.ZERO) <= 0
                || horizon.compareTo(Duration.ZERO) <= 0) {
            throw new IllegalArgumentException("a pace's times are positive");
        }
    }

    /** How much longer than by the limit alone the time between two calls is. */
    double stretch() {
        return 1 + (double) lateness.toNanos() / window.toNanos();
    }
}
