package io.embedlake.spark.spool;

import io.embedlake.spi.Outcome;
import java.util.Objects;
import java.util.Optional;

/**
 * A text that a provider has embedded. Immutable as long as the vector is not modified.
 *
 * @param hash the content hash of the text, which is not kept
 * @param vector {@code [dimension]}
 * @param tokens the charged tokens
 * @param truncated whether its end was cut off
 */
public record PaidText(String hash, float[] vector, int tokens, boolean truncated) {
    public PaidText {
        Objects.requireNonNull(hash);
        Objects.requireNonNull(vector);
    }

    /** From an embedder's outcome. */
    public static PaidText of(String hash, Outcome.Embedded embedded) {
        return new PaidText(hash, embedded.vector(), embedded.tokens(), embedded.truncated());
    }

    /** As an embedder's outcome. */
    public Outcome.Embedded outcome() {
        return new Outcome.Embedded(vector, Optional.empty(), tokens, 0, 1, truncated);
    }
}
