package io.embedlake.remote.limit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/**
 * When the next cost of one kind may be spent: evenly spread at the pace, and at most the limit in any minute. Not thread-safe: the rate
 * limiter guards it.
 *
 * <p>The spread alone would let the last cost of a minute stick out over its end; that is why what was given in the last minute is
 * remembered too. For costs of 1 it never matters.
 */
final class Meter {
    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private record Taken(long goneNanos, long cost) {}

    private final Pace pace;
    private final Deque<Taken> lastMinute = new ArrayDeque<>();
    private OptionalLong limit = OptionalLong.empty();
    private double factor = 1;
    private long freeNanos = Long.MIN_VALUE;
    private long sum;

    Meter(Pace pace) {
        this.pace = pace;
    }

    /**
     * How fast it goes from now on.
     *
     * @param limit the most in a minute
     * @param factor what part of it is used
     */
    void pace(OptionalLong limit, double factor) {
        this.limit = limit;
        this.factor = factor;
    }

    /** The first moment from this one on when a cost may come. */
    long earliest(long nanos, long cost) {
        long moment = Math.max(nanos, freeNanos);
        if (limit.isEmpty() || cost == 0) {
            return moment;
        }
        long room = limit.getAsLong() - Math.min(cost, limit.getAsLong());
        long within = sum;
        for (Taken taken : lastMinute) {
            if (taken.goneNanos() <= moment) {
                within -= taken.cost();
            } else if (within > room) {
                within -= taken.cost();
                moment = taken.goneNanos();
            } else {
                break;
            }
        }
        return moment;
    }

    /**
     * A cost comes within these moments, which begin no earlier than those of any other. Where it may be later than the pace allows
     * for, the next one waits for as long.
     */
    void take(long fromNanos, long untilNanos, long cost) {
        if (limit.isEmpty() || cost == 0) {
            return;
        }
        remember(untilNanos, cost);
        freeNanos = untilNanos - pace.lateness().toNanos() + spanNanos(cost);
    }

    /** A cost turns out to have been higher. */
    void add(long nanos, long cost) {
        if (limit.isEmpty() || cost == 0) {
            return;
        }
        remember(nanos + pace.lateness().toNanos(), cost);
        freeNanos = Math.max(nanos, freeNanos) + spanNanos(cost);
    }

    /** Drops costs that are too old to matter. */
    void forgetBefore(long nowNanos) {
        while (!lastMinute.isEmpty() && lastMinute.peekFirst().goneNanos() < nowNanos) {
            sum -= lastMinute.removeFirst().cost();
        }
    }

    private void remember(long untilNanos, long cost) {
        long gone = untilNanos + MINUTE_NANOS;
        lastMinute.addLast(new Taken(
                lastMinute.isEmpty()
                        ? gone
                        : Math.max(gone, lastMinute.peekLast().goneNanos()),
                cost));
        sum += cost;
    }

    /** How long a cost keeps the next one waiting. */
    long spanNanos(long cost) {
        return limit.isEmpty()
                ? 0
                : (long) Math.ceil(cost * MINUTE_NANOS * pace.stretch() / (limit.getAsLong() * factor));
    }
}
