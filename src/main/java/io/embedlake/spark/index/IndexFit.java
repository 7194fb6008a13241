package io.embedlake.spark.index;

import io.embedlake.ivf.Cells;
import io.embedlake.ivf.RecallCurve;

/**
 * Fitted cells with what was measured of them. Immutable.
 *
 * @param name its name in the store
 * @param cells the cells
 * @param lengths the lengths of the vectors
 * @param curve the recall of reading the nearest cells
 * @param rows how many rows were put into cells
 * @param cosine their mean cosine to their centroid
 */
record IndexFit(String name, Cells cells, IndexedColumn.Lengths lengths, RecallCurve curve, long rows, double cosine) {
    CellsNeeded needed() {
        return new CellsNeeded(curve, cells.count());
    }
}
