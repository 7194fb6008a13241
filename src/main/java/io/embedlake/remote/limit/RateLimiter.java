package io.embedlake.remote.limit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Grants an endpoint's budget as permits, each for one call at one time, to all clients. Thread-safe.
 *
 * <p>Times lie at most the pace's horizon ahead: a permit that is not used expires, and a client that loses the connection to the rate
 * limiter stops sending.
 */
public final class RateLimiter {
    private static final long LEAST_AGAIN_NANOS = Duration.ofMillis(1).toNanos();
    private static final long OBSERVED_NANOS = Duration.ofSeconds(10).toNanos();

    private final Pace pace;
    private final LongSupplier clock;
    private final Meter requests;
    private final Meter tokens;
    private final Meter inputs;
    private final Recovery recovery = new Recovery();
    private final RecentCount given = new RecentCount(OBSERVED_NANOS);
    private final RecentCount refusals = new RecentCount(OBSERVED_NANOS);
    /** When the clients that got fewer permits than requested ask again. */
    private final Map<String, Long> waiting = new HashMap<>();

    private Limits set;
    private Limits learnt = Limits.NONE;
    private long pausedUntilNanos = Long.MIN_VALUE;
    private long lastNanos;

    /**
     * A rate limiter that has granted nothing yet.
     *
     * @param set what the user allows; never exceeded
     * @param clock nanoseconds since an arbitrary origin
     */
    public RateLimiter(Limits set, Pace pace, LongSupplier clock) {
        this.set = set;
        this.pace = pace;
        this.clock = clock;
        this.requests = new Meter(pace);
        this.tokens = new Meter(pace);
        this.inputs = new Meter(pace);
        this.lastNanos = clock.getAsLong();
    }

    /** Changes what the user allows; what was granted in the last minute counts. */
    public synchronized void set(Limits allowed) {
        set = allowed;
    }

    /** As {@link #exchange(Ask, Budget)}, without a token budget. */
    public Lease exchange(Ask ask) {
        return exchange(ask, new Budget());
    }

    /**
     * Takes a client's report into account, then grants it permits.
     *
     * @param budget of the client's run
     */
    public synchronized Lease exchange(Ask ask, Budget budget) {
        long now = clock.getAsLong();
        learnt = ask.learnt().or(learnt);
        ask.refusal().ifPresent(refusal -> refused(now, refusal));
        requests.forgetBefore(now);
        tokens.forgetBefore(now);
        inputs.forgetBefore(now);
        setPace(now);
        tokens.add(now, ask.extraTokens());
        budget.spend(ask.extraTokens() - ask.freeTokens());
        waiting.remove(ask.holder());
        waiting.values().removeIf(comesBack -> comesBack < now);
        List<Permit> permits = grant(now, ask, budget);
        if (permits.size() == ask.wants().size()) {
            return new Lease(now, permits, pausedUntilNanos, now, false);
        }
        Cost next = ask.wants().get(permits.size());
        long again = again(now, next);
        boolean isSpent = !budget.affords(next);
        if (!isSpent) {
            waiting.put(ask.holder(), again);
        }
        return new Lease(now, permits, pausedUntilNanos, again, isSpent);
    }

    /** The limits in force: the lower ones of what the user set and what the provider named. */
    public synchronized Limits limits() {
        return set.and(learnt);
    }

    private void refused(long now, Ask.Refusal refusal) {
        pausedUntilNanos = Math.max(pausedUntilNanos, now + refusal.waitNanos());
        refusals.add(now);
        recovery.refused(
                now,
                refusal.sentNanos(),
                pausedUntilNanos,
                !set.and(learnt).equals(Limits.NONE),
                given.aMinute(now),
                (double) refusals.count(now) / Math.max(1, given.count(now)));
    }

    private void setPace(long now) {
        Limits limits = set.and(learnt);
        Limits paced = limits.equals(Limits.NONE) ? recovery.found() : limits;
        double factor = recovery.factor(now);
        // A rate that was found by trial is an estimate: it is the pace, not the most in a minute.
        boolean isGuess = limits.equals(Limits.NONE);
        requests.pace(isGuess ? scaled(paced.requests(), factor) : paced.requests(), isGuess ? 1 : factor);
        tokens.pace(paced.tokens(), factor);
        inputs.pace(paced.inputs(), factor);
    }

    private static OptionalLong scaled(OptionalLong limit, double factor) {
        return limit.isEmpty() ? limit : OptionalLong.of(Math.max(1, (long) (limit.getAsLong() * factor)));
    }

    /** Grants a share that leaves permits for the other waiting clients. */
    private List<Permit> grant(long now, Ask ask, Budget budget) {
        long horizon = pace.horizon().toNanos();
        List<Permit> permits = new ArrayList<>();
        long enough = Long.MAX_VALUE;
        long lateness = latenessNanos(ask);
        for (Cost cost : ask.wants()) {
            long moment = moment(now, cost);
            if (moment > now + horizon || moment > enough || !budget.affords(cost)) {
                break;
            }
            if (permits.isEmpty() && !waiting.isEmpty()) {
                enough = moment + horizon / (waiting.size() + 1);
            }
            long until = moment + lateness;
            requests.take(moment, until, cost.requests());
            tokens.take(moment, until, cost.tokens());
            inputs.take(moment, until, cost.inputs());
            budget.spend(cost.tokens());
            given.add(now);
            lastNanos = moment;
            permits.add(new Permit(moment, until, cost));
        }
        return permits;
    }

    /** A client sends when it is certain that a permit has begun and not ended: at least half the pace's lateness is left beyond its leeway. */
    private long latenessNanos(Ask ask) {
        long lateness = pace.lateness().toNanos();
        return Math.max(lateness, ask.leewayNanos() + lateness / 2);
    }

    private long moment(long now, Cost cost) {
        long moment = Math.max(Math.max(now, lastNanos), pausedUntilNanos);
        long previous;
        do {
            previous = moment;
            moment = requests.earliest(moment, cost.requests());
            moment = tokens.earliest(moment, cost.tokens());
            moment = inputs.earliest(moment, cost.inputs());
        } while (moment != previous);
        return moment;
    }

    /** When the next permit that no other client waits for is within the horizon. */
    private long again(long now, Cost next) {
        long horizon = pace.horizon().toNanos();
        long turn = Math.max(spanNanos(next), horizon / (waiting.size() + 1));
        long again = moment(now, next) - horizon;
        for (long other : waiting.values().stream().sorted().toList()) {
            if (other > again) {
                break;
            }
            again += turn;
        }
        return Math.max(now + LEAST_AGAIN_NANOS, again);
    }

    private long spanNanos(Cost cost) {
        return Math.max(
                requests.spanNanos(cost.requests()),
                Math.max(tokens.spanNanos(cost.tokens()), inputs.spanNanos(cost.inputs())));
    }
}
