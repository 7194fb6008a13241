package io.embedlake;

import java.time.Duration;

/**
 * Limits on calls to a provider, per endpoint and key, across all executors; local models have none. Immutable.
 *
 * <p>Values are checked when the job is built. What is not set is what the provider's answers name, or unlimited.
 */
public final class Limits extends Value<Settings> {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private Limits(Settings keys) {
        super(keys);
    }

    /** None but the provider's own. */
    public static Limits none() {
        return new Limits(Settings.NONE);
    }

    /** The most requests a minute. */
    public Limits requestsPerMinute(int requests) {
        return new Limits(value().with("requests-per-minute", requests));
    }

    /** The most tokens a minute. */
    public Limits tokensPerMinute(int tokens) {
        return new Limits(value().with("tokens-per-minute", tokens));
    }

    /** The most texts a minute, for providers that count them. */
    public Limits inputsPerMinute(int texts) {
        return new Limits(value().with("inputs-per-minute", texts));
    }

    /** How many calls each executor has under way at once. */
    public Limits inFlight(int calls) {
        return new Limits(value().with("in-flight", calls));
    }

    /** The longest wait that a provider may ask for, in whole seconds; when it asks for more, the run stops and can be resumed. */
    public Limits maxWait(Duration wait) {
        return new Limits(value().with("max-wait-s", wait, SECOND));
    }

    /** How long a call may take before it is tried again, in whole seconds. */
    public Limits timeout(Duration timeout) {
        return new Limits(value().with("timeout-s", timeout, SECOND));
    }

    /** The price of a million tokens in US dollars, where embedlake's price list lacks it or is outdated. */
    public Limits pricePerMillionTokens(double usd) {
        return new Limits(value().with("price-per-million-tokens", usd));
    }

    /** The most tokens of a run: it stops before the call that would exceed them, with everything kept; the next run resumes. */
    public Limits maxTokens(int tokens) {
        return new Limits(value().with("max-tokens", tokens));
    }

    /** The most that a run may cost, in US dollars, by the price of tokens, which must be known. */
    public Limits maxCost(double usd) {
        return new Limits(value().with("max-cost", usd));
    }

    @Override
    public String toString() {
        return "limits: " + value().keys();
    }
}
