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
 * Something that expires: asked for when it is first needed, again some time before its end, and again when it was refused. One that is
 * still good is used on while no other can be had; callers at the same time share one question. Thread-safe.
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
     * @param end from when on it is refused, where that is known
     * @param margin how long before that another is asked for
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

    /** What another caller has replaced since stays: only the one that was refused is dropped. */
    synchronized void drop(Predicate<T> refused) {
        current = current.filter(refused.negate());
    }

    private boolean isGood(T held, Instant then) {
        return end.apply(held).map(then::isBefore).orElse(true);
    }
}
