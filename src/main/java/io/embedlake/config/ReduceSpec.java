package io.embedlake.config;

import java.util.Locale;
import java.util.Objects;

/**
 * How the vectors of a column are shortened before they are published. Immutable.
 *
 * @param method how; with {@link Method#NONE} the numbers mean nothing
 * @param dimensions the length of a published vector, unless the model's is shorter
 * @param sampleRows how many vectors the reducer is fitted on
 */
public record ReduceSpec(Method method, int dimensions, int sampleRows) {

    /** A way to shorten vectors. Immutable; prints as the job file writes it. */
    public enum Method {
        /** Onto the principal components of a sample. */
        PCA,
        /** To their first values, brought to length 1: for models that were trained for it. */
        TRUNCATE,
        /** Not at all. */
        NONE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public ReduceSpec {
        Objects.requireNonNull(method);
        if (dimensions < 1 || sampleRows < 1) {
            throw new IllegalArgumentException(
                    "dimensions and sample rows are positive: " + dimensions + ", " + sampleRows);
        }
    }
}
