package io.embedlake.spark.store;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * A version of a Delta table. Immutable.
 *
 * @param table the identity that the table got when it was made, which distinguishes it from an earlier one of that name
 * @param number counts from 0
 */
public record TableVersion(String table, long number) {
    /** The version that the next commit makes. */
    TableVersion next() {
        return new TableVersion(table, number + 1);
    }

    static TableVersion of(Row row) {
        return new TableVersion(row.getString(0), row.getLong(1));
    }

    Row row() {
        return RowFactory.create(table, number);
    }
}
