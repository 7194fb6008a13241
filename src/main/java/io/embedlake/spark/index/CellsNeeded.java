package io.embedlake.spark.index;

import io.embedlake.ivf.RecallCurve;
import java.io.Serializable;

/**
 * How many of the cells that are nearest to a query have to be read. Immutable; travels to executors.
 *
 * @param curve the recall of reading the nearest cells
 * @param all how many cells there are
 */
record CellsNeeded(RecallCurve curve, int all) implements Serializable {
    /** Where a larger share of the cells would be read, all rows are compared. */
    static final double MOST_READ = 0.5;

    /**
     * As a first guess: rows are about as near as the centroid of their cell.
     *
     * @param cosine the similarity of the nearest centroid
     */
    int atFirst(double cosine, double recall) {
        return curve.cells(cosine, recall).orElse(1);
    }

    /** When fewer rows were found than are looked for. */
    int more(int read) {
        return 2 * read;
    }

    /**
     * When enough rows were found.
     *
     * @param score the similarity of the farthest of them
     */
    int upTo(double score, double recall) {
        return curve.cells(score, recall).orElse(all);
    }
}
