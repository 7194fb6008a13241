package io.embedlake.testing;

import java.util.Random;
import java.util.function.Consumer;

/** Runs a property on random cases; a failure names the seed that repeats it. Stateless apart from the first seed. */
public final class Property {
    private static final String SEED = "embedlake.test.seed";

    private Property() {}

    /** Checks the property on so many cases, each with a source of randomness of its own. */
    public static void holds(int cases, Consumer<Random> property) {
        long first = Long.getLong(SEED, System.nanoTime());
        for (long seed = first; seed < first + cases; seed++) {
            try {
                property.accept(new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("repeat with -D" + SEED + "=" + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
