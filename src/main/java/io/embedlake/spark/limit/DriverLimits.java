package io.embedlake.spark.limit;

import io.embedlake.remote.limit.Ask;
import io.embedlake.remote.limit.Budget;
import io.embedlake.remote.limit.Lease;
import io.embedlake.remote.limit.Limits;
import io.embedlake.remote.limit.Pace;
import io.embedlake.remote.limit.RateLimiter;
import io.embedlake.remote.limit.Traffic;
import io.embedlake.remote.limit.TrafficMeter;
import io.embedlake.remote.limit.remote.LeaseCodec;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * What the runs of a driver may send. A rate belongs to an endpoint and key: all runs that send there share it, and keep to the lowest
 * limit that one of them sets. A budget belongs to a run and ends with it. Thread-safe.
 */
final class DriverLimits {
    /** A provider counts the calls of its last minute, also those of a run that has ended. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private static final DriverLimits OF_JVM = new DriverLimits(System::nanoTime);

    private record OfRun(Limits limits, Budget budget, TrafficMeter meter) {
        OfRun with(Limits other) {
            return new OfRun(other, budget, meter);
        }
    }

    private static final class Rate {
        private final RateLimiter limiter;
        private final Map<String, OfRun> runs = new HashMap<>();
        private long unusedNanos;

        Rate(RateLimiter limiter) {
            this.limiter = limiter;
        }

        void keepToLowest() {
            runs.values().stream().map(OfRun::limits).reduce(Limits::and).ifPresent(limiter::set);
        }
    }

    private final LongSupplier clock;
    private final Map<String, Rate> rates = new HashMap<>();

    DriverLimits(LongSupplier clock) {
        this.clock = clock;
    }

    /** The limits of all runs of this JVM, because a provider does not distinguish them. */
    static DriverLimits ofJvm() {
        return OF_JVM;
    }

    /** From now on a run may send to an endpoint with a key. */
    synchronized void open(String run, String name, Limits limits, Pace pace) {
        long now = clock.getAsLong();
        rates.values().removeIf(rate -> rate.runs.isEmpty() && now - rate.unusedNanos > REMEMBERED.toNanos());
        Rate rate = rates.computeIfAbsent(name, key -> new Rate(new RateLimiter(limits, pace, clock)));
        rate.runs.merge(
                run, new OfRun(limits, new Budget(), new TrafficMeter()), (known, ignored) -> known.with(limits));
        rate.keepToLowest();
    }

    /** A run has ended. */
    synchronized void close(String run) {
        long now = clock.getAsLong();
        for (Rate rate : rates.values()) {
            if (rate.runs.remove(run) != null) {
                rate.keepToLowest();
                rate.unusedNanos = now;
            }
        }
    }

    /** How many tokens a run may be charged for from now on; without a number, any. */
    synchronized void allow(String run, String name, OptionalLong tokens) {
        if (isOpen(run, name)) {
            rates.get(name).runs.get(run).budget().allow(tokens);
        }
    }

    Lease exchange(String run, String name, Ask ask) {
        RateLimiter limiter;
        OfRun of;
        synchronized (this) {
            if (!isOpen(run, name)) {
                throw new IllegalArgumentException("this driver has no run " + run + " with a limit " + name);
            }
            limiter = rates.get(name).limiter;
            of = rates.get(name).runs.get(run);
        }
        Lease lease = limiter.exchange(ask, of.budget());
        of.meter().answered(lease);
        return lease;
    }

    /** What a run has sent so far, to all endpoints; nothing when it has ended. */
    synchronized Traffic traffic(String run) {
        return rates.values().stream()
                .filter(rate -> rate.runs.containsKey(run))
                .map(rate -> rate.runs.get(run).meter().traffic())
                .reduce(Traffic.NONE, Traffic::plus);
    }

    /** Whether this JVM is the driver of the run, and the run may send there. */
    synchronized boolean isOpen(String run, String name) {
        return rates.containsKey(name) && rates.get(name).runs.containsKey(run);
    }

    /** An ask as bytes to a lease as bytes. */
    byte[] exchange(byte[] ask) {
        LeaseCodec.Addressed addressed = LeaseCodec.ask(ask);
        return LeaseCodec.bytes(exchange(addressed.run(), addressed.limit(), addressed.ask()));
    }
}
