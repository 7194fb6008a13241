package io.embedlake.testing;

import java.util.Random;
import java.util.function.Consumer;

/** Runs a property on random cases; a failure names the seed that repeats it. Stateless apart from the first seed. */
public final class Property {
    private static final String SEED = "embedlake.test.seed";

    private Property() {}

    /** Checks the property on so many cases, each with a source of randomness of its own. */
    public static void holds(int cases, Consumer<Random> property) {
        holds(Long.getLong(SEED, System.nanoTime()), cases, property);
    }

    /** Checks the property on the same cases each time: those of this seed and of the next ones. */
    public static void holds(long first, int cases, Consumer<Random> property) {
        for (long seed = first; seed < first + cases; seed++) {
            try {
                property.accept(new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("repeat with -D" + SEED + "=" + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
