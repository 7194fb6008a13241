package io.embedlake.spark.sql;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spark.run.LogNames;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class AtOnceTest {
    @Test
    void eachWaitsForTheOtherWhileBothRun() {
        CountDownLatch one = new CountDownLatch(1);
        CountDownLatch other = new CountDownLatch(1);
        AtOnce.Both<String, Integer> both = AtOnce.both(
                () -> {
                    one.countDown();
                    await(other);
                    return "one";
                },
                () -> {
                    other.countDown();
                    await(one);
                    return 2;
                });
        assertEquals(new AtOnce.Both<>("one", 2), both);
    }

    @Test
    void aFailureWaitsForTheOtherAndStaysWhatItIs() {
        IOException failure = new IOException("checked, and not declared");
        AtomicBoolean isOver = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1);
        Throwable ofFirst = assertThrows(
                IOException.class,
                () -> AtOnce.both(
                        () -> {
                            begun.countDown();
                            return AtOnceTest.<RuntimeException>fail(failure);
                        },
                        () -> {
                            await(begun);
                            isOver.set(true);
                            return 2;
                        }));
        assertSame(failure, ofFirst);
        assertTrue(isOver.get());
        Supplier<String> fails = () -> AtOnceTest.<RuntimeException>fail(failure);
        assertSame(failure, assertThrows(IOException.class, () -> AtOnce.both(() -> "one", fails)));
    }

    @Test
    void ofTwoFailuresTheFirstIsThrownWithTheOther() {
        IllegalStateException first = new IllegalStateException("one");
        IllegalStateException second = new IllegalStateException("two");
        Throwable thrown = assertThrows(
                IllegalStateException.class,
                () -> AtOnce.both(
                        () -> AtOnceTest.<RuntimeException>fail(first),
                        () -> AtOnceTest.<RuntimeException>fail(second)));
        assertSame(first, thrown);
        assertArrayEquals(new Throwable[] {second}, thrown.getSuppressed());
    }

    @Test
    void anInterruptIsKeptUntilBothAreOver() {
        CountDownLatch interrupted = new CountDownLatch(1);
        assertEquals(
                new AtOnce.Both<>(1, 2),
                AtOnce.both(
                        () -> {
                            Thread.currentThread().interrupt();
                            interrupted.countDown();
                            return 1;
                        },
                        () -> {
                            await(interrupted);
                            return 2;
                        }));
        assertTrue(Thread.interrupted());
    }

    @Test
    void bothAreDoneUnderTheNamesOfTheRunInTheLog() {
        try (LogNames names = LogNames.of("reviews", "r1")) {
            assertEquals(
                    new AtOnce.Both<>("reviews", "r1"),
                    AtOnce.both(() -> MDC.get(LogNames.JOB), () -> MDC.get(LogNames.RUN)));
        }
    }

    @Test
    void eachOfSomeThingsIsDoneWhileTheOthersAre() {
        CountDownLatch begun = new CountDownLatch(3);
        assertEquals(Map.of(1, "1", 2, "2", 3, "3"), AtOnce.each(Set.of(1, 2, 3), number -> {
            begun.countDown();
            await(begun);
            return number.toString();
        }));
        assertEquals(Map.of(), AtOnce.each(Set.of(), Object::toString));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> String fail(Throwable failure) throws E {
        throw (E) failure;
    }
}
