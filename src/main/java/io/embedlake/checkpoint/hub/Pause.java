package io.embedlake.checkpoint.hub;

import java.time.Duration;

/** Waits. */
@FunctionalInterface
interface Pause {
    /** Sleeps. */
    Pause REAL = duration -> Thread.sleep(duration.toMillis());

    void of(Duration duration) throws InterruptedException;
}
