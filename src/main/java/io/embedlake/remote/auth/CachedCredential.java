package io.embedlake.remote.auth;

import io.embedlake.spi.EmbedlakeException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A credential that expires: requested on first use, renewed before it expires and when it was refused. A valid one stays in use while
 * renewal fails; concurrent callers share one request. Thread-safe.
 */
final class CachedCredential<T> {
    private final Supplier<T> asking;
    private final Function<T, Optional<Instant>> end;
    private final Duration margin;
    private final Clock clock;
    private Optional<T> current = Optional.empty();

    /**
     * Nothing is held yet.
     *
     * @param end when it expires, if known
     * @param margin how long before that it is renewed
     */
    CachedCredential(Supplier<T> asking, Function<T, Optional<Instant>> end, Duration margin, Clock clock) {
        this.asking = Objects.requireNonNull(asking);
        this.end = Objects.requireNonNull(end);
        this.margin = Objects.requireNonNull(margin);
        this.clock = Objects.requireNonNull(clock);
    }

    synchronized T get() {
        Instant now = clock.instant();
        Optional<T> good = current.filter(held -> isGood(held, now));
        if (good.filter(held -> isGood(held, now.plus(margin))).isPresent()) {
            return good.get();
        }
        try {
            T fresh = asking.get();
            current = Optional.of(fresh);
            return fresh;
        } catch (EmbedlakeException e) {
            return good.orElseThrow(() -> e);
        }
    }

    /** Drops the refused credential only; one that another caller has renewed since stays. */
    synchronized void drop(Predicate<T> refused) {
        current = current.filter(refused.negate());
    }

    private boolean isGood(T held, Instant then) {
        return end.apply(held).map(then::isBefore).orElse(true);
    }
}
