package io.embedlake.fake.service;

import io.embedlake.fake.settings.RateLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Holds clients to limits in time: within any window, not only within those of a calendar. Thread-safe. */
final class Throttle {
    private final List<RateLimit> limits;
    private final List<SlidingSum> sums = new ArrayList<>();
    private final LongSupplier nanoTime;

    Throttle(List<RateLimit> limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        limits.forEach(limit -> sums.add(new SlidingSum(limit.window())));
    }

    /** Takes a call or says why not; what is not taken does not count. */
    synchronized Optional<Throttled> admit(Demand demand) {
        long now = nanoTime.getAsLong();
        for (int i = 0; i < limits.size(); i++) {
            RateLimit limit = limits.get(i);
            long asked = demand.of(limit.unit());
            long used = sums.get(i).sum(now);
            if (used + asked > limit.amount()) {
                return Optional.of(new Throttled(
                        limit,
                        used,
                        asked,
                        asked > limit.amount() ? limit.window() : sums.get(i).until(now, limit.amount() - asked)));
            }
        }
        for (int i = 0; i < limits.size(); i++) {
            sums.get(i).add(now, demand.of(limits.get(i).unit()));
        }
        return Optional.empty();
    }

    synchronized List<Allowance> allowances() {
        long now = nanoTime.getAsLong();
        List<Allowance> left = new ArrayList<>();
        for (int i = 0; i < limits.size(); i++) {
            RateLimit limit = limits.get(i);
            left.add(new Allowance(
                    limit, limit.amount() - sums.get(i).sum(now), sums.get(i).until(now, 0)));
        }
        return left;
    }
}
