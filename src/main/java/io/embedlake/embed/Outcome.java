package io.embedlake.embed;

import java.util.Arrays;
import java.util.Objects;

/**
 * What became of one text: a vector, or a refusal with its kind and reason. There is no third case and no null.
 * Immutable by agreement: nobody writes into {@link Embedded#vector()} after it was handed over.
 */
public sealed interface Outcome {

    /**
     * A vector of finite values.
     *
     * @param vector the vector, {@code [dimension]}
     * @param tokens how many tokens the platform saw, special ones included
     * @param truncated whether the text was longer than the platform's limit
     */
    record Embedded(float[] vector, int tokens, boolean truncated) implements Outcome {
        public Embedded {
            Objects.requireNonNull(vector);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Embedded that
                    && Arrays.equals(vector, that.vector)
                    && tokens == that.tokens
                    && truncated == that.truncated;
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(vector);
        }
    }

    /**
     * A text that got no vector.
     *
     * @param kind why, for the machine
     * @param reason why, for a person; never the text itself
     */
    record Refused(ErrorKind kind, String reason) implements Outcome {
        public Refused {
            Objects.requireNonNull(kind);
            Objects.requireNonNull(reason);
        }
    }
}
