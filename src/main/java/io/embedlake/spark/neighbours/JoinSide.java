package io.embedlake.spark.neighbours;

import io.embedlake.config.TableRef;
import java.util.List;
import java.util.Optional;

/**
 * A table of vectors as it is asked for. Immutable.
 *
 * @param table the table
 * @param column the vector column
 * @param ids the columns that name a row; empty for those of the job that made the column
 * @param where a SQL condition that rows must meet
 */
public record JoinSide(TableRef table, String column, List<String> ids, Optional<String> where) {
    public JoinSide {
        ids = List.copyOf(ids);
    }

    /** Whether both are about the vectors of the same rows, but for conditions. */
    boolean isOfSameRows(JoinSide other) {
        return table.equals(other.table) && column.equalsIgnoreCase(other.column);
    }
}
