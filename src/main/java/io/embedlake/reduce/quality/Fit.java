package io.embedlake.reduce.quality;

import io.embedlake.reduce.Reduction;
import java.util.Objects;
import java.util.Optional;

/**
 * A fitted reduction with what was measured when it was fitted. Immutable.
 *
 * @param reduction the mapping
 * @param sampleRows how many vectors it was fitted on
 * @param varianceKept the share of the sample's variance that short vectors keep, between 0 and 1
 * @param squaredError the mean squared distance between the sample's vectors and what their short ones tell
 * @param quality what search finds with short vectors; nothing of a sample that is too small to search
 */
public record Fit(
        Reduction reduction, long sampleRows, double varianceKept, double squaredError, Optional<Quality> quality) {
    public Fit {
        Objects.requireNonNull(reduction);
        Objects.requireNonNull(quality);
    }
}
