/** Expressions inside Spark's queries, and how the driver runs these: the only package that uses Catalyst. */
package io.embedlake.spark.sql;
