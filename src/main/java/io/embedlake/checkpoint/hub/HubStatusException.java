package io.embedlake.checkpoint.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A server answered that it cannot serve just now. */
final class HubStatusException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Duration> retryAfter;

    HubStatusException(String host, int status, Optional<Duration> retryAfter) {
        super(host + " answered with status " + status);
        this.retryAfter = retryAfter;
    }

    /** How long to wait, where the server says so. */
    Optional<Duration> retryAfter() {
        return retryAfter == null ? Optional.empty() : retryAfter;
    }
}
