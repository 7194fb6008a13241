package io.embedlake.fake.service;

import java.time.Duration;

/** How a fake waits. */
@FunctionalInterface
public interface Pause {
    /** Lets some time pass. */
    void of(Duration time) throws InterruptedException;
}
