package io.embedlake.remote.http;

import io.embedlake.http.Proxies;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * How a client sends. Immutable.
 *
 * @param label the model's name in messages
 * @param endpoint the base URL; the paths of calls follow it
 * @param inFlight the most calls in flight at once in this JVM
 * @param bytesInFlight about how much memory calls, their answers and vectors not yet consumed may hold in this JVM
 * @param connectTimeout for a connection
 * @param timeout for a call, from its first byte to the last of its answer
 * @param dimension the length of every vector, where it is known
 * @param retries what follows a failure
 * @param proxies what calls go through
 * @param probe an input that no provider has a reason to refuse
 */
public record ClientSettings(
        String label,
        URI endpoint,
        int inFlight,
        long bytesInFlight,
        Duration connectTimeout,
        Duration timeout,
        OptionalInt dimension,
        RetryRules retries,
        Proxies proxies,
        PreparedText probe) {
    /** A text that no provider has a reason to refuse. */
    public static final PreparedText HARMLESS = new PreparedText("A short sentence in plain English.", 8, false);

    private static final int IN_FLIGHT = 32;

    public ClientSettings {
        Objects.requireNonNull(label);
        Objects.requireNonNull(endpoint);
        Objects.requireNonNull(dimension);
        Objects.requireNonNull(retries);
        Objects.requireNonNull(proxies);
        Objects.requireNonNull(probe);
        RetryRules.requirePositive(connectTimeout, timeout);
        if (inFlight < 1 || bytesInFlight < 1) {
            throw new IllegalArgumentException("counts are positive: " + inFlight + ", " + bytesInFlight);
        }
    }

    /** What suits most providers: 32 calls at once in a quarter of the heap, two minutes for each. */
    public static ClientSettings of(String label, URI endpoint) {
        return new ClientSettings(
                label,
                endpoint,
                IN_FLIGHT,
                Runtime.getRuntime().maxMemory() / 4,
                Duration.ofSeconds(10),
                Duration.ofMinutes(2),
                OptionalInt.empty(),
                RetryRules.DEFAULT,
                Proxies.none(),
                HARMLESS);
    }
}
