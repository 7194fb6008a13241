package io.embedlake.spark.evaluate;

import io.embedlake.annotation.Stable;
import io.embedlake.config.ReduceSpec;
import io.embedlake.reduce.quality.Quality;

/**
 * A reduction with what it keeps. Immutable.
 *
 * @param reduce what it is
 * @param varianceKept the share of the sample's variance that short vectors keep
 * @param quality what search finds with it
 */
@Stable
public record Candidate(ReduceSpec reduce, double varianceKept, Quality quality) {}
