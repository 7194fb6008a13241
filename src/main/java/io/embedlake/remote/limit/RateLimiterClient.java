package io.embedlake.remote.limit;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets the calls of a JVM go at the times of the rate limiter's permits; one client for each endpoint and key. Thread-safe: every method
 * schedules a task on the event loop.
 */
public final class RateLimiterClient {
    private static final Duration RETRY = Duration.ofMillis(100);
    /** How long the rate limiter may be silent before waiting calls fail. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The most costs of one request: more than are sent within a horizon. */
    private static final int MOST_WANTS = 256;

    /** A call that waits for a permit. Runs on the event loop, so it should be quick. */
    public interface Turn {
        /** It may be sent now. */
        void go(Permit permit);

        /** It will not be sent. */
        void fail(EmbedlakeException why);
    }

    private record Waiting(Cost cost, Turn turn) {}

    private final String name;
    private final LeaseChannel channel;
    private final EventLoop eventLoop;
    private final ClockOffset offset = new ClockOffset(Pace.STRICT.lateness().dividedBy(2));
    private final Lateness lateness = new Lateness(Pace.STRICT.lateness());
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Deque<Permit> permits = new ArrayDeque<>();
    private final AtomicLong expired = new AtomicLong();

    private Optional<Ask.Refusal> refusal = Optional.empty();
    private long refusedNanos;
    private Limits learnt = Limits.NONE;
    private boolean hasNews;
    private long extraTokens;
    private long freeTokens;
    private boolean isAsking;
    private long againNanos = Long.MIN_VALUE;
    private long heardNanos;
    private long wakeNanos;

    /**
     * A client that has requested nothing yet.
     *
     * @param name unique among the clients of the same rate limiter
     */
    public RateLimiterClient(String name, LeaseChannel channel, EventLoop eventLoop) {
        this.name = name;
        this.channel = channel;
        this.eventLoop = eventLoop;
        this.heardNanos = eventLoop.nanos();
        this.wakeNanos = heardNanos;
    }

    /** The event loop that turns run on. */
    public EventLoop eventLoop() {
        return eventLoop;
    }

    /** Queues a call. */
    public void submit(Cost cost, Turn turn) {
        soon(() -> {
            if (waiting.isEmpty()) {
                heardNanos = eventLoop.nanos();
            }
            waiting.addLast(new Waiting(cost, turn));
            step();
        });
    }

    /** The provider refused a call as too fast: all clients pause. */
    public void refused(Permit permit, Duration wait) {
        soon(() -> {
            long now = eventLoop.nanos();
            long left = refusal.map(one -> aged(one, now).waitNanos()).orElse(0L);
            refusedNanos = now;
            refusal = Optional.of(new Ask.Refusal(permit.fromNanos(), Math.max(left, wait.toNanos())));
            pausedUntil(offset.surelyNotPast(now) + wait.toNanos());
            hasNews = true;
            ask();
        });
    }

    /** The provider named its limits. */
    public void learnt(Limits limits) {
        soon(() -> {
            Limits known = limits.or(learnt);
            hasNews |= !known.equals(learnt);
            learnt = known;
            step();
        });
    }

    /**
     * What the provider charged for a call.
     *
     * @param estimated the tokens that its permit was for
     * @param charged the tokens that were charged
     */
    public void charged(long estimated, long charged) {
        soon(() -> {
            extraTokens += Math.max(0, charged - estimated);
            freeTokens += Math.max(0, estimated - charged);
        });
    }

    /** Drops this turn's waiting calls. */
    public void cancel(Turn turn) {
        soon(() -> waiting.removeIf(one -> one.turn() == turn));
    }

    /** How many permits were not used in time. */
    public long expired() {
        return expired.get();
    }

    private void soon(Runnable what) {
        eventLoop.at(eventLoop.nanos(), what);
    }

    private void step() {
        go();
        boolean isShort = waiting.size() > permits.size();
        if ((isShort && eventLoop.nanos() >= againNanos) || hasNews) {
            ask();
        }
    }

    private void go() {
        while (!permits.isEmpty() && !waiting.isEmpty()) {
            Permit permit = permits.peekFirst();
            long now = eventLoop.nanos();
            if (offset.surelyPast(now) < permit.fromNanos()) {
                wakeAt(now, offset.here(permit.fromNanos()));
                return;
            }
            permits.removeFirst();
            if (offset.surelyNotPast(now) > permit.untilNanos()) {
                lateness.missed(now, offset.surelyNotPast(now) - permit.fromNanos());
                expired.incrementAndGet();
                freeTokens += permit.cost().tokens();
            } else {
                lateness.used();
                first(permit.cost()).ifPresent(turn -> turn.go(permit));
            }
        }
    }

    private void wakeAt(long now, long nanos) {
        if (wakeNanos <= now || nanos < wakeNanos) {
            wakeNanos = nanos;
            eventLoop.at(nanos, this::step);
        }
    }

    /** The first waiting call that costs no more than this; nearly always the head of the queue. */
    private Optional<Turn> first(Cost cost) {
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting one = all.next();
            if (cost.covers(one.cost())) {
                all.remove();
                return Optional.of(one.turn());
            }
        }
        return Optional.empty();
    }

    private void ask() {
        if (isAsking) {
            return;
        }
        isAsking = true;
        hasNews = false;
        long asked = eventLoop.nanos();
        Ask ask = new Ask(
                name,
                wants(asked),
                refusal.map(one -> aged(one, asked)),
                learnt,
                extraTokens,
                freeTokens,
                Math.max(offset.doubtNanos(asked), lateness.nanos()));
        Optional<Ask.Refusal> told = refusal;
        refusal = Optional.empty();
        extraTokens = 0;
        freeTokens = 0;
        channel.exchange(ask).whenComplete((lease, failure) -> {
            long answered = eventLoop.nanos();
            eventLoop.at(answered, () -> {
                isAsking = false;
                if (failure == null) {
                    heard(lease, asked, answered);
                } else {
                    missed(ask, told, failure);
                }
            });
        });
    }

    private Ask.Refusal aged(Ask.Refusal one, long now) {
        return new Ask.Refusal(one.sentNanos(), Math.max(0, one.waitNanos() - (now - refusedNanos)));
    }

    /** Nothing before it is known when permits begin and end. */
    private List<Cost> wants(long now) {
        if (offset.isVague(now)) {
            return List.of();
        }
        List<Cost> wants = new ArrayList<>();
        int covered = permits.size();
        for (Waiting one : waiting) {
            if (covered-- > 0) {
                continue;
            }
            if (wants.size() == MOST_WANTS) {
                break;
            }
            wants.add(one.cost());
        }
        return wants;
    }

    private void heard(Lease lease, long asked, long answered) {
        offset.answered(asked, answered, lease.nowNanos());
        heardNanos = answered;
        pausedUntil(lease.pausedUntilNanos());
        permits.addAll(lease.permits());
        if (lease.isSpent()) {
            failAfterPermits();
        }
        againNanos = offset.here(lease.againNanos());
        eventLoop.at(againNanos, this::step);
        step();
    }

    private void missed(Ask ask, Optional<Ask.Refusal> told, Throwable failure) {
        refusal = refusal.or(() -> told);
        hasNews |= refusal.isPresent();
        extraTokens += ask.extraTokens();
        freeTokens += ask.freeTokens();
        long now = eventLoop.nanos();
        if (now - heardNanos > PATIENCE.toNanos()) {
            fail(List.copyOf(waiting), unreachable(failure));
        }
        againNanos = now + RETRY.toNanos();
        eventLoop.at(againNanos, this::step);
    }

    /** Calls with permits are sent; all later ones fail. */
    private void failAfterPermits() {
        fail(waiting.stream().skip(permits.size()).toList(), spent());
    }

    private void fail(List<Waiting> some, EmbedlakeException why) {
        waiting.removeAll(some);
        some.forEach(one -> one.turn().fail(why));
    }

    private void pausedUntil(long limiterNanos) {
        permits.removeIf(permit -> {
            boolean isVoid = permit.fromNanos() < limiterNanos;
            freeTokens += isVoid ? permit.cost().tokens() : 0;
            return isVoid;
        });
    }

    private static EmbedlakeException spent() {
        return new EmbedlakeException(
                ErrorKind.EXHAUSTED,
                "Cannot go on embedding: the next call would cost more than the run may still spend (limits.max-tokens and"
                        + " limits.max-cost). What was embedded is kept: raise them and start the job again.");
    }

    private static EmbedlakeException unreachable(Throwable failure) {
        return new EmbedlakeException(
                ErrorKind.TRANSIENT,
                "Cannot send to the provider: the driver, which shares out the limit, has been silent for "
                        + PATIENCE.toSeconds()
                        + " s (executors need a permit from the driver to send). Check that executors reach the"
                        + " driver's host, or load the plugin io.embedlake.spark.limit.LeasePlugin with spark.plugins.",
                failure);
    }
}
