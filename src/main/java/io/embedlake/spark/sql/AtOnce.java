package io.embedlake.spark.sql;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.MDC;

/**
 * Steps of a run at once, where none needs what the other finds: a short step waits for the planning of its queries most of the time.
 * All are done for the run, by Spark's inherited properties, and under its names in the log. Stateless.
 */
public final class AtOnce {
    private AtOnce() {}

    /**
     * What both have found. Immutable.
     *
     * @param <A> the type of the one
     * @param <B> the type of the other
     */
    public record Both<A, B>(A one, B other) {}

    /**
     * Does both, the one on this thread, and waits for both.
     *
     * @throws RuntimeException what one of them throws, as it is; where both fail, what the first does
     */
    public static <A, B> Both<A, B> both(Supplier<A> one, Supplier<B> other) {
        Map<String, String> names = MDC.getCopyOfContextMap();
        FutureTask<B> beside = new FutureTask<>(() -> {
            MDC.setContextMap(names == null ? Map.of() : names);
            return other.get();
        });
        Thread thread = new Thread(beside, Thread.currentThread().getName() + "-beside");
        thread.setDaemon(true);
        thread.start();
        A first;
        try {
            first = one.get();
        } catch (Throwable e) {
            try {
                ended(beside);
            } catch (Throwable too) {
                if (too != e) {
                    e.addSuppressed(too);
                }
            }
            throw e;
        }
        return new Both<>(first, ended(beside));
    }

    /**
     * Does something beside a check of it.
     *
     * @throws RuntimeException as {@link #both(Supplier, Supplier)} does
     */
    public static <T> T checked(Runnable check, Supplier<T> work) {
        return both(found(check), work).other();
    }

    /**
     * Does both.
     *
     * @throws RuntimeException as {@link #both(Supplier, Supplier)} does
     */
    public static void both(Runnable one, Runnable other) {
        both(found(one), found(other));
    }

    /**
     * Does a step for each of some things.
     *
     * @throws RuntimeException what one of them throws, as it is; where several fail, what the first of those does
     */
    public static <T, R> Map<T, R> each(Set<T> things, Function<T, R> step) {
        return each(List.copyOf(things), step);
    }

    private static <T, R> Map<T, R> each(List<T> things, Function<T, R> step) {
        if (things.isEmpty()) {
            return new HashMap<>();
        }
        T first = things.get(0);
        if (things.size() == 1) {
            return new HashMap<>(Map.of(first, step.apply(first)));
        }
        Both<R, Map<T, R>> both = both(() -> step.apply(first), () -> each(things.subList(1, things.size()), step));
        both.other().put(first, both.one());
        return both.other();
    }

    private static Supplier<Boolean> found(Runnable step) {
        return () -> {
            step.run();
            return true;
        };
    }

    /** What a step has found. It is not left alone: an interrupt lasts until it ends, as a run is cancelled by its Spark jobs. */
    private static <T> T ended(FutureTask<T> step) {
        boolean isInterrupted = false;
        try {
            while (true) {
                try {
                    return step.get();
                } catch (InterruptedException e) {
                    isInterrupted = true;
                } catch (ExecutionException e) {
                    throw AtOnce.<RuntimeException>asItIs(e.getCause());
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Spark throws checked exceptions that it does not declare. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E asItIs(Throwable failure) throws E {
        throw (E) failure;
    }
}
