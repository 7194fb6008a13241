package io.embedlake.checkpoint.hub;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * How often and after which pauses a failed request is repeated. Immutable and thread-safe; a {@link Series} is confined to a
 * thread.
 */
final class Retries {
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(8);
    private static final Duration LONGEST_ASKED_FOR = Duration.ofSeconds(60);

    private final String hub;
    private final int attempts;
    private final Pause pause;
    private final HubListener listener;

    private Retries(String hub, int attempts, Pause pause, HubListener listener) {
        this.hub = hub;
        this.attempts = attempts;
        this.pause = pause;
        this.listener = listener;
    }

    Retries(String hub, Pause pause, HubListener listener) {
        this(hub, ATTEMPTS, pause, listener);
    }

    /** Something that may fail. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException;
    }

    /** The same without a second attempt: for those who have something else to use. */
    Retries none() {
        return new Retries(hub, 1, pause, listener);
    }

    /**
     * Runs an attempt until it succeeds.
     *
     * @throws EmbedlakeException {@link ErrorKind#TRANSIENT} when it does not
     * @throws DiskException at once, when it is the disk that fails
     */
    <T> T run(Attempt<T> attempt) throws DiskException {
        Series series = series();
        while (true) {
            try {
                return attempt.run();
            } catch (DiskException e) {
                throw e;
            } catch (IOException e) {
                series.failed(e);
            }
        }
    }

    Series series() {
        return new Series();
    }

    /** The failures of one request, one after the other. */
    final class Series {
        private int failures;

        /** What was done since the last failure counts: the patience is as at the start. */
        void progressed() {
            failures = 0;
        }

        /** Waits before the next attempt, or gives up. */
        void failed(IOException failure) {
            failures++;
            String reason = Failures.reason(failure);
            if (failures >= attempts) {
                throw unreachable(reason, failure);
            }
            Duration before = before(failure);
            listener.retries(reason, before);
            try {
                // A request that was interrupted fails like any other.
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException();
                }
                pause.of(before);
            } catch (InterruptedException e) {
                throw Failures.interrupted(e);
            }
        }

        private Duration before(IOException failure) {
            Duration doubled = FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
            Duration own = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
            Optional<Duration> asked =
                    failure instanceof HubStatusException status ? status.retryAfter() : Optional.empty();
            return asked.map(wish -> wish.compareTo(LONGEST_ASKED_FOR) < 0 ? wish : LONGEST_ASKED_FOR)
                    .orElse(own);
        }

        private EmbedlakeException unreachable(String reason, IOException cause) {
            return new EmbedlakeException(
                    ErrorKind.TRANSIENT,
                    "Cannot reach the hub: " + hub + " (" + reason + "; attempts: " + failures
                            + "). Try again later, check HTTPS_PROXY, set HF_ENDPOINT to a mirror, or set HF_HUB_OFFLINE=1 to"
                            + " use only what is in the cache.",
                    cause);
        }
    }
}
