package io.embedlake.spark.evaluate;

import io.embedlake.annotation.Stable;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What reductions keep of a sample of a column's vectors. Immutable by convention: its arrays must not be modified.
 *
 * @param column the vector column
 * @param model what made the full vectors
 * @param rows how many vectors were looked at
 * @param dimensions the length of the full vectors
 * @param chosen the job's own reduction
 * @param ladder others, of the same size and smaller
 * @param spectrum the share of the variance along each principal component, the largest first
 * @param map the coordinates of some of the vectors on the first two components
 */
@Stable
public record Evaluation(
        String column,
        String model,
        int rows,
        int dimensions,
        Candidate chosen,
        List<Candidate> ladder,
        double[] spectrum,
        List<Place> map) {
    /** The recall that is good enough unless the job sets one. */
    private static final double GOOD_RECALL = 0.95;

    /**
     * A vector on the map.
     *
     * @param x along the first component
     * @param y along the second
     * @param group the row's value in the requested column; empty without one
     */
    public record Place(float x, float y, String group) {}

    public Evaluation {
        ladder = List.copyOf(ladder);
        map = List.copyOf(map);
    }

    /** The recall that a reduction should reach. */
    public double wantedRecall() {
        double asked = chosen.reduce().minRecall();
        return asked > 0 ? asked : GOOD_RECALL;
    }

    /** Which one to take: the smallest that finds what should be found, else the one that finds most. */
    public Candidate taken() {
        List<Candidate> all = java.util.stream.Stream.concat(java.util.stream.Stream.of(chosen), ladder.stream())
                .toList();
        Comparator<Candidate> bySize =
                Comparator.comparingInt(candidate -> candidate.quality().bytes());
        Comparator<Candidate> byRecall =
                Comparator.comparingDouble(candidate -> -candidate.quality().recallAt10());
        return all.stream()
                .filter(candidate -> candidate.quality().recallAt10() >= wantedRecall())
                .min(bySize.thenComparing(byRecall))
                .or(() -> all.stream().min(byRecall.thenComparing(bySize)))
                .orElseThrow();
    }

    /** Which one to take and why, in a sentence. */
    public String advice() {
        Candidate taken = taken();
        String finds = String.format(
                Locale.ROOT,
                "%s (recall@10 %.3f in %d bytes per row)",
                taken.reduce().label(),
                taken.quality().recallAt10(),
                taken.quality().bytes());
        if (taken.equals(chosen)) {
            return "Keep " + finds + ": nothing of its size or smaller reaches "
                    + (chosen.quality().recallAt10() >= wantedRecall() ? "enough" : "more") + ".";
        }
        return "Take reduce: " + taken.reduce().yaml() + ": " + finds
                + String.format(
                        Locale.ROOT,
                        ", where the job's %s has %.3f in %d.",
                        chosen.reduce().label(),
                        chosen.quality().recallAt10(),
                        chosen.quality().bytes());
    }
}
