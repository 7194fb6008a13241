package io.embedlake.fake.service;

import io.embedlake.fake.settings.Unit;

/**
 * What a call asks for of what is limited. Immutable.
 *
 * @param requests as the provider counts them: 1, or one for each text
 * @param places how many of those at once that the provider can work on: 1, or one for each text
 */
public record Demand(long requests, long tokens, long inputs, int places) {
    /** A call that counts as one. */
    public static Demand call(Inputs inputs) {
        return new Demand(1, inputs.sum(), inputs.texts().size(), 1);
    }

    /** A call of which each text counts as one. */
    public static Demand texts(Inputs inputs) {
        return new Demand(
                inputs.texts().size(),
                inputs.sum(),
                inputs.texts().size(),
                inputs.texts().size());
    }

    long of(Unit unit) {
        return switch (unit) {
            case REQUESTS -> requests;
            case TOKENS -> tokens;
            case INPUTS -> inputs;
        };
    }
}
