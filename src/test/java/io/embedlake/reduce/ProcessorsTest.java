package io.embedlake.reduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProcessorsTest {
    /** A stream on the caller's pool could wait for any other task of the pool: tests stood still for half an hour. */
    @Test
    void noPartOfAStreamRunsOnTheCallersPool() throws Exception {
        ForkJoinPool callers = new ForkJoinPool(2);
        Set<ForkJoinPool> pools = ConcurrentHashMap.newKeySet();
        int sum = callers.submit(() -> Processors.use(() -> IntStream.range(0, 1000)
                        .parallel()
                        .peek(i -> pools.add(ForkJoinTask.getPool()))
                        .sum()))
                .get();
        callers.shutdown();
        assertEquals(499_500, sum);
        assertEquals(1, pools.size());
        assertTrue(!pools.contains(callers));
    }

    @Test
    void computationsWithinOneAnotherUseTheSameThreads() {
        ForkJoinPool[] pools = Processors.use(
                () -> new ForkJoinPool[] {ForkJoinTask.getPool(), Processors.use(ForkJoinTask::getPool)});
        assertSame(pools[0], pools[1]);
    }

    @Test
    void exceptionsAreThrownAsTheyAre() {
        IllegalStateException problem = new IllegalStateException("no");
        assertSame(
                problem,
                assertThrows(
                        IllegalStateException.class,
                        () -> Processors.use(() -> {
                            throw problem;
                        })));
    }

    @Test
    void errorsAreThrownAsTheyAre() {
        OutOfMemoryError problem = new OutOfMemoryError("no");
        assertSame(
                problem,
                assertThrows(
                        OutOfMemoryError.class,
                        () -> Processors.run(() -> {
                            throw problem;
                        })));
    }
}
