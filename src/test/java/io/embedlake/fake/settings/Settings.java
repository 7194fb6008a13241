package io.embedlake.fake.settings;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * What a fake provider is to be. Immutable, provided that the counter of tokens is.
 *
 * @param keys the keys it knows; any, when there are none
 * @param callsPerKey after how many calls a key expires; never, when empty
 * @param coldStarts how many calls are told at first that the model is being loaded
 * @param models the only models, deployments or endpoints that exist, where their names are the customer's; any, when there are none
 * @param caps limits of a call that differ from the provider's own
 * @param limits limits in time; none of the provider's own apply
 * @param concurrency the most calls, or for some providers texts, at once; the provider's own, when empty
 * @param dimension the length of vectors; each model's own, when empty
 * @param latency how long an answer takes at least
 * @param slowness how much longer it takes where it is slow on purpose
 * @param batchPolls how often a batch job is looked at before it is done
 * @param batchEnd how batch jobs end
 * @param faults what goes wrong
 * @param tokens how many tokens a text has
 */
public record Settings(
        Provider provider,
        Set<String> keys,
        OptionalInt callsPerKey,
        int coldStarts,
        Set<String> models,
        Map<Cap, Long> caps,
        List<RateLimit> limits,
        OptionalInt concurrency,
        OptionalInt dimension,
        Duration latency,
        Duration slowness,
        int batchPolls,
        BatchEnd batchEnd,
        Faults faults,
        ToIntFunction<String> tokens) {
    public Settings {
        Objects.requireNonNull(provider);
        keys = Set.copyOf(keys);
        models = Set.copyOf(models);
        caps = Map.copyOf(caps);
        limits = List.copyOf(limits);
        Objects.requireNonNull(batchEnd);
        Objects.requireNonNull(faults);
        Objects.requireNonNull(tokens);
        if (callsPerKey.orElse(1) < 1
                || coldStarts < 0
                || concurrency.orElse(1) < 1
                || dimension.orElse(1) < 1
                || latency.isNegative()
                || slowness.isNegative()
                || batchPolls < 0
                || caps.values().stream().anyMatch(cap -> cap < 1)) {
            throw new IllegalArgumentException("settings are positive");
        }
    }

    /** The provider as its documentation describes it, without limits in time. */
    public static Settings of(Provider provider) {
        return new Settings(
                provider,
                Set.of(),
                OptionalInt.empty(),
                0,
                Set.of(),
                Map.of(),
                List.of(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Duration.ZERO,
                Duration.ofSeconds(2),
                1,
                BatchEnd.DONE,
                Faults.none(),
                new RoughTokens());
    }

    /** A limit of a call, where it differs from the provider's own. */
    public OptionalLong cap(Cap cap) {
        return caps.containsKey(cap) ? OptionalLong.of(caps.get(cap)) : OptionalLong.empty();
    }

    /** Only these keys are good. */
    public Settings withKeys(String... accepted) {
        return with(draft -> draft.keys = Set.of(accepted));
    }

    /** Each key is good for so many calls. */
    public Settings withCallsPerKey(int calls) {
        return with(draft -> draft.callsPerKey = OptionalInt.of(calls));
    }

    /** So many calls find the model being loaded. */
    public Settings withColdStarts(int calls) {
        return with(draft -> draft.coldStarts = calls);
    }

    /** Only these deployments, endpoints or models exist. */
    public Settings withModels(String... names) {
        return with(draft -> draft.models = Set.of(names));
    }

    /** Another limit of a call. */
    public Settings withCap(Cap cap, long amount) {
        return with(draft -> draft.caps.put(cap, amount));
    }

    /** These limits in time. */
    public Settings withLimits(RateLimit... all) {
        return with(draft -> draft.limits = List.of(all));
    }

    /** These limits in time. */
    public Settings withLimits(List<RateLimit> all) {
        return with(draft -> draft.limits = all);
    }

    /** So many calls, or texts, at once. */
    public Settings withConcurrency(int atOnce) {
        return with(draft -> draft.concurrency = OptionalInt.of(atOnce));
    }

    /** Vectors of this length, whatever the model. */
    public Settings withDimension(int length) {
        return with(draft -> draft.dimension = OptionalInt.of(length));
    }

    /** Answers that take at least this long. */
    public Settings withLatency(Duration least) {
        return with(draft -> draft.latency = least);
    }

    /** How late slow answers come. */
    public Settings withSlowness(Duration delay) {
        return with(draft -> draft.slowness = delay);
    }

    /** Batch jobs that are done after so many looks. */
    public Settings withBatchPolls(int polls) {
        return with(draft -> draft.batchPolls = polls);
    }

    /** Batch jobs that end so. */
    public Settings withBatchEnd(BatchEnd end) {
        return with(draft -> draft.batchEnd = end);
    }

    /** These faults. */
    public Settings withFaults(Faults drawn) {
        return with(draft -> draft.faults = drawn);
    }

    /** Another counter of tokens, which is thread-safe. */
    public Settings withTokens(ToIntFunction<String> counter) {
        return with(draft -> draft.tokens = counter);
    }

    /** What of it may stand in a log: never a key. */
    @Override
    public String toString() {
        return provider.word() + " with limits " + limits + ", caps " + caps + " and faults " + faults;
    }

    private Settings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /** Settings while one of them is changed. Confined to one thread. */
    private static final class Draft {
        final Provider provider;
        Set<String> keys;
        OptionalInt callsPerKey;
        int coldStarts;
        Set<String> models;
        final Map<Cap, Long> caps;
        List<RateLimit> limits;
        OptionalInt concurrency;
        OptionalInt dimension;
        Duration latency;
        Duration slowness;
        int batchPolls;
        BatchEnd batchEnd;
        Faults faults;
        ToIntFunction<String> tokens;

        Draft(Settings from) {
            provider = from.provider;
            keys = from.keys;
            callsPerKey = from.callsPerKey;
            coldStarts = from.coldStarts;
            models = from.models;
            caps = new HashMap<>(from.caps);
            limits = from.limits;
            concurrency = from.concurrency;
            dimension = from.dimension;
            latency = from.latency;
            slowness = from.slowness;
            batchPolls = from.batchPolls;
            batchEnd = from.batchEnd;
            faults = from.faults;
            tokens = from.tokens;
        }

        Settings settings() {
            return new Settings(
                    provider,
                    keys,
                    callsPerKey,
                    coldStarts,
                    models,
                    caps,
                    limits,
                    concurrency,
                    dimension,
                    latency,
                    slowness,
                    batchPolls,
                    batchEnd,
                    faults,
                    tokens);
        }
    }
}
