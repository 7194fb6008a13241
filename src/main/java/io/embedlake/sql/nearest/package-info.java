/**
 * {@code APPROX NEAREST} joins of Spark 4.2 over indexed columns. {@link io.embedlake.sql.nearest.NearestJoins} replaces such a join by one
 * that finds the ids of the nearest rows by the index; where that cannot be done, Spark's own plan stays, which compares all rows with all.
 * These are Spark's internals, and those of a newer version than the project is compiled with: they are recognised by their names.
 */
package io.embedlake.sql.nearest;
