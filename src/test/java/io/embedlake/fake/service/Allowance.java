package io.embedlake.fake.service;

import io.embedlake.fake.settings.RateLimit;
import java.time.Duration;

/**
 * What is left of a limit. Immutable.
 *
 * @param reset in how long all of it is there again
 */
public record Allowance(RateLimit limit, long left, Duration reset) {}
