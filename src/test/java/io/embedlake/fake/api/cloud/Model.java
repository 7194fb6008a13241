package io.embedlake.fake.api.cloud;

import java.util.Set;

/**
 * What a provider says of one of its models. Immutable.
 *
 * @param dimension of its vectors unless less is asked for
 * @param dimensions that may be asked for; none where the length is fixed
 * @param textTokens the most tokens of a text
 * @param callTokens the most tokens of a call
 */
record Model(int dimension, Set<Integer> dimensions, int textTokens, long callTokens) {
    Model {
        dimensions = Set.copyOf(dimensions);
    }

    static Model of(int dimension, int textTokens) {
        return new Model(dimension, Set.of(), textTokens, Long.MAX_VALUE);
    }
}
