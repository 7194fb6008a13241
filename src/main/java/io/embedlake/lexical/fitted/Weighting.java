package io.embedlake.lexical.fitted;

import java.util.Arrays;
import java.util.Optional;

/**
 * How much a term counts in a text. Immutable; prints as fingerprints and model files write it.
 *
 * <p>{@link #TF_IDF} is the inverse document frequency of Spärck Jones, A Statistical Interpretation of Term Specificity and Its
 * Application in Retrieval, 1972, smoothed as if one more text had every term: {@code ln((1 + texts) / (1 + texts with the term)) + 1}.
 */
public enum Weighting {
    /** Every term counts the same. */
    COUNTS {
        @Override
        public float weight(long texts, long textsWithTerm) {
            return 1;
        }
    },
    /** A term counts the more, the fewer texts have it. */
    TF_IDF {
        @Override
        public float weight(long texts, long textsWithTerm) {
            return (float) (StrictMath.log((1.0 + texts) / (1.0 + textsWithTerm)) + 1);
        }
    };

    /** The weight of a term that occurs in this many of the sample's texts. */
    public abstract float weight(long texts, long textsWithTerm);

    /** The weighting of this name, if there is one. */
    static Optional<Weighting> named(String name) {
        return Arrays.stream(values())
                .filter(weighting -> weighting.toString().equals(name))
                .findFirst();
    }

    @Override
    public String toString() {
        return this == COUNTS ? "counts" : "tf-idf";
    }
}
