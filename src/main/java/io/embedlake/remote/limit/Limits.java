package io.embedlake.remote.limit;

import java.util.OptionalLong;

/**
 * The most of each kind in a minute; what is empty has no limit. Immutable.
 *
 * @param requests a minute
 * @param tokens a minute
 * @param inputs a minute
 */
public record Limits(OptionalLong requests, OptionalLong tokens, OptionalLong inputs) {
    /** No limit on anything. */
    public static final Limits NONE = new Limits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    public Limits {
        requirePositive(requests);
        requirePositive(tokens);
        requirePositive(inputs);
    }

    private static void requirePositive(OptionalLong limit) {
        if (limit.isPresent() && limit.getAsLong() < 1) {
            throw new IllegalArgumentException("a limit is positive: " + limit.getAsLong());
        }
    }

    /** The same with this many requests a minute. */
    public Limits withRequests(long aMinute) {
        return new Limits(OptionalLong.of(aMinute), tokens, inputs);
    }

    /** The same with this many tokens a minute. */
    public Limits withTokens(long aMinute) {
        return new Limits(requests, OptionalLong.of(aMinute), inputs);
    }

    /** The same with this many inputs a minute. */
    public Limits withInputs(long aMinute) {
        return new Limits(requests, tokens, OptionalLong.of(aMinute));
    }

    /** The lower one of both limits, for each kind. */
    public Limits and(Limits other) {
        return new Limits(lower(requests, other.requests), lower(tokens, other.tokens), lower(inputs, other.inputs));
    }

    /** These limits where present, else the others. */
    Limits or(Limits others) {
        return new Limits(
                requests.isPresent() ? requests : others.requests,
                tokens.isPresent() ? tokens : others.tokens,
                inputs.isPresent() ? inputs : others.inputs);
    }

    private static OptionalLong lower(OptionalLong one, OptionalLong other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        return OptionalLong.of(Math.min(one.getAsLong(), other.getAsLong()));
    }
}
