package io.embedlake.local.hub;

import io.embedlake.retry.Retries;
import io.embedlake.retry.RetryRule;
import io.embedlake.retry.Sleeper;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;

/** Retries failed requests, and reports what failed. Immutable and thread-safe; a {@link Series} is confined to a thread. */
final class Attempts {
    private static final RetryRule RULE =
            new RetryRule(5, Duration.ofSeconds(2), Duration.ofSeconds(16), Duration.ofSeconds(60));

    private final String hub;
    private final Retries retries;
    private final HubListener listener;

    private Attempts(String hub, Retries retries, HubListener listener) {
        this.hub = hub;
        this.retries = retries;
        this.listener = listener;
    }

    /** The attempts of a download. */
    static Attempts several(String hub, Sleeper sleeper, RandomGenerator random, HubListener listener) {
        return new Attempts(hub, new Retries(RULE, sleeper, random), listener);
    }

    /** A single attempt, for callers with a fallback. */
    static Attempts one(String hub, HubListener listener) {
        RetryRule once = new RetryRule(1, RULE.firstWait(), RULE.longestWait(), RULE.longestAsked());
        return new Attempts(hub, new Retries(once, Sleeper.REAL, () -> 0), listener);
    }

    /** Something that may fail. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException;
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
        return new Series(retries.series());
    }

    /** The failures of one request, one after the other. */
    final class Series {
        private final Retries.Series failures;

        private Series(Retries.Series failures) {
            this.failures = failures;
        }

        /** Progress resets the count of failures. */
        void progressed() {
            failures.progressed();
        }

        /** Waits before the next attempt, as long as the server asks within limits, or gives up. */
        void failed(IOException failure) {
            Optional<Duration> asked = TransferException.asked(failure)
                    .map(wish -> wish.compareTo(RULE.longestAsked()) < 0 ? wish : RULE.longestAsked());
            Duration wait = failures.failed(asked).orElseThrow(() -> unreachable(failure));
            listener.retries(reason(failure), wait);
            try {
                // A request that was interrupted fails like any other.
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException();
                }
                retries.sleep(wait);
            } catch (InterruptedException e) {
                throw HubErrors.interrupted(e);
            }
        }

        private EmbedlakeException unreachable(IOException cause) {
            return new EmbedlakeException(
                    ErrorKind.TRANSIENT,
                    "Cannot reach the hub: " + hub + " (" + reason(cause) + "; attempts: " + failures.failures()
                            + "). Try again later, check HTTPS_PROXY, set HF_ENDPOINT to a mirror, or set HF_HUB_OFFLINE=1 to"
                            + " use only what is in the cache.",
                    cause);
        }
    }

    /** What failed, without foreign messages, which may hold signed addresses. */
    private static String reason(IOException failure) {
        if (failure instanceof TransferException) {
            return failure.getMessage();
        }
        if (failure instanceof UnknownHostException) {
            return "a host's address is unknown";
        }
        if (failure instanceof ConnectException) {
            return "no connection";
        }
        if (failure instanceof SocketTimeoutException) {
            return "no answer in time";
        }
        if (failure instanceof SSLException) {
            return "no secure connection: " + failure.getClass().getSimpleName();
        }
        return "the connection broke: " + failure.getClass().getSimpleName();
    }
}
