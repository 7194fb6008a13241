package io.embedlake.sql.nearest;

import io.embedlake.spark.index.NearestIds;
import java.io.Serializable;

/**
 * What is looked for in an index. Immutable; travels to executors; prints as plans show it.
 *
 * @param column the column, for messages: {@code text_embedding of reviews}
 * @param index the index
 * @param k how many rows each row gets
 * @param recall the share of the nearest rows that must be found on average, 0 to 1
 * @param isOuter whether a row that gets none is kept, with nulls for the id
 */
public record NearestSearch(String column, NearestIds index, int k, double recall, boolean isOuter)
        implements Serializable {
    @Override
    public String toString() {
        return k + " by the index of " + column + ", recall " + recall;
    }
}
