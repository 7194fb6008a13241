package io.embedlake.retry;

import java.time.Duration;

/** Lets time pass on the caller's thread; handed in, so that tests need not wait. Thread-safe. */
@FunctionalInterface
public interface Sleeper {
    /** Sleeps. */
    Sleeper REAL = time -> Thread.sleep(time.toMillis());

    /** Returns after this time. */
    void sleep(Duration time) throws InterruptedException;
}
