package io.embedlake.sql;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.LocalScan;
import org.apache.spark.sql.types.StructType;
import scala.Function1;

/**
 * The small table that a procedure returns. Immutable by convention.
 *
 * @param readSchema its columns
 * @param rows its rows, in Spark's own form
 */
record ResultTable(StructType readSchema, InternalRow[] rows) implements LocalScan {
    /** A table of these rows. */
    static ResultTable of(StructType schema, List<Row> rows) {
        Function1<Object, Object> converter = CatalystTypeConverters.createToCatalystConverter(schema);
        return new ResultTable(
                schema,
                rows.stream().map(row -> (InternalRow) converter.apply(row)).toArray(InternalRow[]::new));
    }
}
