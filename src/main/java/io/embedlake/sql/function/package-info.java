/**
 * The functions of SQL. A call is an ordinary expression that can be evaluated row by row; {@link io.embedlake.sql.function.ModelCalls} gives
 * it its model on the driver, and {@link io.embedlake.sql.function.BatchCalls} takes it out of the query wherever a whole partition can be
 * embedded at once. These are Spark's internals: where they differ from the expected ones, calls stay row by row.
 */
package io.embedlake.sql.function;
