package io.embedlake.spark.store;

import io.embedlake.annotation.Stable;
import io.embedlake.reduce.quality.Quality;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;

/**
 * What a reduction did to a column's vectors. Immutable.
 *
 * @param name what made them short, such as {@code pca-64 v1}
 * @param varianceKept the share of the sample's variance that is kept, 1 when nothing was fitted
 * @param quality what search finds with short vectors on the sample, when it was tried
 * @param drift the reconstruction error of this run's new texts relative to the sample's: 1 when equal;
 *     nothing when there are none, or the reduction was fitted on them
 */
@Stable
public record ReductionRecord(String name, double varianceKept, Optional<Quality> quality, OptionalDouble drift) {
    /** From here on a new fit would be of use. */
    private static final double MUCH_DRIFT = 1.2;

    /** The fields of a row. */
    static final String FIELDS =
            "variance_kept: DOUBLE, recall_at_1: DOUBLE, recall_at_10: DOUBLE, recall_at_100: DOUBLE,"
                    + " reach_at_100: DOUBLE, rank_correlation: DOUBLE, vector_bytes: INT, sample_rows: INT, sample_queries: INT,"
                    + " drift: DOUBLE";

    public ReductionRecord {
        Objects.requireNonNull(name);
        Objects.requireNonNull(quality);
        Objects.requireNonNull(drift);
    }

    /** Without a reduction. */
    public static ReductionRecord unfitted(String name) {
        return new ReductionRecord(name, 1, Optional.empty(), OptionalDouble.empty());
    }

    /** Whether the texts have changed so much that a new fit would be of use. */
    public boolean isOutdated() {
        return drift.isPresent() && drift.getAsDouble() > MUCH_DRIFT;
    }

    /** What a later run reports that finds nothing to do. */
    ReductionRecord repeated() {
        return new ReductionRecord(name, varianceKept, quality, OptionalDouble.empty());
    }

    static ReductionRecord of(Row row) {
        boolean isKnown = Arrays.asList(row.schema().fieldNames()).contains("recall_at_10");
        Optional<Quality> quality = isKnown && row.getAs("recall_at_10") != null
                ? Optional.of(new Quality(
                        row.<Integer>getAs("sample_rows"),
                        row.<Integer>getAs("sample_queries"),
                        row.<Integer>getAs("vector_bytes"),
                        row.<Double>getAs("recall_at_1"),
                        row.<Double>getAs("recall_at_10"),
                        row.<Double>getAs("recall_at_100"),
                        row.<Double>getAs("reach_at_100"),
                        row.<Double>getAs("rank_correlation")))
                : Optional.empty();
        Double drift = isKnown ? row.getAs("drift") : null;
        return new ReductionRecord(
                row.getAs("reducer"),
                row.<Double>getAs("variance_kept"),
                quality,
                drift == null ? OptionalDouble.empty() : OptionalDouble.of(drift));
    }

    /** The values of the fields. */
    Object[] values() {
        Quality found = quality.orElse(null);
        return new Object[] {
            varianceKept,
            found == null ? null : found.recallAt1(),
            found == null ? null : found.recallAt10(),
            found == null ? null : found.recallAt100(),
            found == null ? null : found.reachAt100(),
            found == null ? null : found.rankCorrelation(),
            found == null ? null : found.bytes(),
            found == null ? null : found.rows(),
            found == null ? null : found.queries(),
            drift.isPresent() ? drift.getAsDouble() : null
        };
    }
}
