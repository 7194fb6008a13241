package io.embedlake.spark.neighbours;

import io.embedlake.annotation.Stable;
import java.time.Duration;
import java.util.List;

/**
 * What a join by similarity has done. Immutable.
 *
 * @param table the table of the result
 * @param queries how many rows asked for neighbours
 * @param queriesWithoutVector how many of them have no vector, or one that is zero or not finite: they get no neighbours
 * @param queriesWithoutNeighbours how many have a vector and got no neighbours, because none is similar enough or there are no rows
 * @param rows how many rows neighbours were looked for among
 * @param rowsWithoutVector how many of them have no vector, or one that is zero or not finite: they are no neighbours
 * @param neighbours how many rows the result has
 * @param cells how many cells the rows were put into; 1 where all were compared with all
 * @param visited how many cells each query visited
 * @param recall the share of the true neighbours that is found, as measured; 1 where all were compared with all
 * @param curve the recall by the number of cells that are visited
 * @param measured how many queries it was measured with
 * @param tasks how many tasks compared rows
 * @param duration how long it took
 */
@Stable
public record NeighbourReport(
        String table,
        long queries,
        long queriesWithoutVector,
        long queriesWithoutNeighbours,
        long rows,
        long rowsWithoutVector,
        long neighbours,
        int cells,
        int visited,
        double recall,
        List<RecallAt> curve,
        int measured,
        int tasks,
        Duration duration) {
    /**
     * A point of the curve.
     *
     * @param cells how many cells are visited
     * @param recall the share of the true neighbours that is found
     */
    public record RecallAt(int cells, double recall) {}

    public NeighbourReport {
        curve = List.copyOf(curve);
    }
}
