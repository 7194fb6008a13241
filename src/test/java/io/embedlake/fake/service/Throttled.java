package io.embedlake.fake.service;

import io.embedlake.fake.settings.RateLimit;
import java.time.Duration;

/**
 * Why a call came too fast. Immutable.
 *
 * @param used of the limit, in the window before the call
 * @param asked by the call
 * @param delay after which the call would be taken
 */
public record Throttled(RateLimit limit, long used, long asked, Duration delay) {
    /** The delay in whole seconds, as {@code Retry-After} has it: at least 1. */
    public long seconds() {
        return Math.max(1, (delay.toMillis() + 999) / 1000);
    }
}
