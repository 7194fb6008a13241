package io.embedlake.provider.batch;

import java.time.Duration;

/** Lets time pass. */
@FunctionalInterface
public interface Pause {
    /** Returns after this time. */
    void of(Duration time) throws InterruptedException;
}
