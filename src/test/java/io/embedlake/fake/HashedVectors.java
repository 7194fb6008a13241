package io.embedlake.fake;

import io.embedlake.spi.Vectors;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * A few vectors of length 1, drawn once; a text gets the one that its hash names. They mean nothing and cost nothing: for tests of speed
 * and of bookkeeping. Immutable.
 */
public final class HashedVectors implements Function<String, float[]> {
    private static final int POOL = 512;

    private final float[][] pool;

    /** Vectors of so many values. */
    public HashedVectors(int dimension) {
        pool = new float[POOL][dimension];
        for (int i = 0; i < POOL; i++) {
            SplittableRandom random = new SplittableRandom(i);
            for (int j = 0; j < dimension; j++) {
                pool[i][j] = (float) (random.nextDouble() * 2 - 1);
            }
            Vectors.normalize(pool[i], 0, dimension);
        }
    }

    @Override
    public float[] apply(String text) {
        // The low bits of a string's hash are its last letter's, almost.
        int hash = text.hashCode() * 0x9E3779B9;
        return pool[(hash >>> 16) % POOL];
    }
}
