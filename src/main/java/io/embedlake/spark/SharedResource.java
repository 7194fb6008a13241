package io.embedlake.spark;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Counts who uses something that all of a JVM share, and ends it after the last, unless it was there before the first. Thread-safe.
 *
 * @param <T> the type of the shared resource
 */
final class SharedResource<T> {
    private final BooleanSupplier isAbsent;
    private final Consumer<T> end;
    private int open;
    private boolean own;

    SharedResource(BooleanSupplier isAbsent, Consumer<T> end) {
        this.isAbsent = isAbsent;
        this.end = end;
    }

    /** Opens it, or what another has opened; {@link #close} follows once. */
    synchronized T open(Supplier<T> opening) {
        boolean absent = isAbsent.getAsBoolean();
        T shared = opening.get();
        own = open > 0 && own || absent;
        open++;
        return shared;
    }

    /** Does not need it any more. */
    synchronized void close(T shared) {
        open--;
        if (open == 0 && own) {
            own = false;
            end.accept(shared);
        }
    }
}
