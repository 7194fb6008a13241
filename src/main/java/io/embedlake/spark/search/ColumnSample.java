package io.embedlake.spark.search;

import io.embedlake.ivf.RecallCurve;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Some rows of a vector column with their nearest ones, for a person to judge. Immutable.
 *
 * @param column the vector column
 * @param among how many rows were searched
 * @param rows the rows
 * @param index the recall of the column's search index, as it was measured when its cells were fitted; nothing where it has none
 */
public record ColumnSample(String column, long among, List<SampledRow> rows, Optional<RecallCurve> index) {
    public ColumnSample {
        Objects.requireNonNull(column);
        Objects.requireNonNull(index);
        rows = List.copyOf(rows);
    }

    /** What is shown of a row. */
    public enum Shown {
        /** The columns that name it. */
        IDS,
        /** All columns but vectors: texts as well. */
        VALUES
    }

    /**
     * A row. Immutable.
     *
     * @param id the values of the columns that name it
     * @param values those of the others; empty unless they are shown
     * @param nearest its nearest rows, best first
     */
    public record SampledRow(String id, String values, List<NearRow> nearest) {
        public SampledRow {
            nearest = List.copyOf(nearest);
        }
    }

    /**
     * A row near another one. Immutable.
     *
     * @param id the values of the columns that name it
     * @param values those of the others; empty unless they are shown
     * @param cosine the similarity of both vectors
     */
    public record NearRow(String id, String values, double cosine) {}
}
