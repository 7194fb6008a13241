package io.embedlake.spark.batch;

import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Row;

/** The identity of rows. Immutable; runs on executors. */
final class Unchanged implements Function<Row, Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public Row call(Row row) {
        return row;
    }
}
