package io.embedlake.spark.store;

import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How a Delta table differs from an earlier version of it, by whole files: a row in neither part is as it was. Immutable.
 *
 * @param before the rows of the files that are gone or have lost rows, as they were
 * @param after the rows of the files that have come or have lost rows
 * @param gone the files of {@code before}, as the table's log names them
 * @param share the size of these files in that of both versions, 0 to 1
 */
public record TableChange(Dataset<Row> before, Dataset<Row> after, Set<String> gone, double share) {}
