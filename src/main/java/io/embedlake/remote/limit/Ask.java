package io.embedlake.remote.limit;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A client's report to the rate limiter, and the permits it requests. Immutable.
 *
 * @param holder identifies the client
 * @param wants the costs of the calls that wait for a permit, those first that should be sent first
 * @param refusal the provider's refusal since the last ask, if any
 * @param learnt the limits that the provider's answers named
 * @param extraTokens how many tokens more than estimated the provider charged for, since the last ask
 * @param freeTokens how many tokens of permits it did not charge for, since the last ask
 * @param leewayNanos how long permits should be valid: as uncertain as the rate limiter's time is for the client, or as late as it comes
 *     for its permits
 */
public record Ask(
        String holder,
        List<Cost> wants,
        Optional<Refusal> refusal,
        Limits learnt,
        long extraTokens,
        long freeTokens,
        long leewayNanos) {
    public Ask {
        Objects.requireNonNull(holder);
        wants = List.copyOf(wants);
        Objects.requireNonNull(refusal);
        Objects.requireNonNull(learnt);
        if (leewayNanos < 0) {
            throw new IllegalArgumentException("a leeway is not negative: " + leewayNanos);
        }
    }

    /** A request for permits alone. */
    public static Ask of(String holder, List<Cost> wants) {
        return new Ask(holder, wants, Optional.empty(), Limits.NONE, 0, 0, 0);
    }

    /**
     * A call that exceeded the provider's rate. Immutable.
     *
     * @param sentNanos the start of its permit, by the rate limiter's clock
     * @param waitNanos how long no client should send
     */
    public record Refusal(long sentNanos, long waitNanos) {}
}
