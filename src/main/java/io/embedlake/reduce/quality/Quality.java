package io.embedlake.reduce.quality;

import io.embedlake.annotation.Stable;

/**
 * How well cosine search finds with reduced vectors what it finds with full ones. Immutable.
 *
 * @param rows among how many vectors was searched
 * @param queries how many of them were searched for; a query is reduced, but not quantized
 * @param bytes how many bytes a reduced vector takes
 * @param recallAt1 how often the nearest vector stays the nearest
 * @param recallAt10 the share of the ten nearest that are among the ten nearest with reduced vectors
 * @param recallAt100 the same of a hundred
 * @param reachAt100 the share of the ten nearest that are among the hundred nearest with reduced vectors: what is found when a hundred
 *     candidates are ranked again by their full vectors
 * @param rankCorrelation Spearman's, of the similarities of random pairs
 */
@Stable
public record Quality(
        int rows,
        int queries,
        int bytes,
        double recallAt1,
        double recallAt10,
        double recallAt100,
        double reachAt100,
        double rankCorrelation) {}
