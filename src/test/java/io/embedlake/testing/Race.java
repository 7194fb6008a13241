package io.embedlake.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Lets threads do something at the same moment. Stateless. */
public final class Race {
    private Race() {}

    /**
     * What each of them has got, in their order.
     *
     * @param <T> the result
     * @param runner by its number, from 0
     */
    public static <T> List<T> of(int runners, IntFunction<Callable<T>> runner) throws Exception {
        CyclicBarrier start = new CyclicBarrier(runners);
        ExecutorService threads = Executors.newFixedThreadPool(runners);
        try {
            List<Callable<T>> all = IntStream.range(0, runners)
                    .mapToObj(runner)
                    .<Callable<T>>map(one -> () -> {
                        start.await();
                        return one.call();
                    })
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> one : threads.invokeAll(all)) {
                results.add(one.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
