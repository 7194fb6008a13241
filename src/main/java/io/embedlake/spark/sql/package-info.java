/** Expressions inside Spark's queries: the only package that uses Catalyst. */
package io.embedlake.spark.sql;
