package io.embedlake.spi;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of one text: its vectors, or a refusal with its kind and reason. There is no third case and no null.
 * Immutable by convention: {@link Embedded#vector()} must not be modified.
 */
public sealed interface Outcome {

    /**
     * Finite values: one vector for the whole text, or one for each of its spans.
     *
     * @param vector {@code [dimension]}, or {@code [spans, dimension]} in row-major order
     * @param spans the spans of the vectors, unless one represents the whole text
     * @param tokens how many tokens the platform saw, special ones included
     * @param unknown how many of them are out of vocabulary
     * @param chunks the number of chunks that the text was split into
     * @param truncated whether the text was longer than the platform's limit
     */
    record Embedded(float[] vector, Optional<Spans> spans, int tokens, int unknown, int chunks, boolean truncated)
            implements Outcome {
        public Embedded {
            Objects.requireNonNull(vector);
            Objects.requireNonNull(spans);
        }

        /** These values for this text. */
        public static Embedded of(float[] vector, EncodedInput text) {
            return new Embedded(vector, text.spans(), text.tokens(), text.unknown(), text.chunks(), text.truncated());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Embedded that
                    && Arrays.equals(vector, that.vector)
                    && spans.equals(that.spans)
                    && tokens == that.tokens
                    && unknown == that.unknown
                    && chunks == that.chunks
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
