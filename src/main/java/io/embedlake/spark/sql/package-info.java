/** What embedlake computes inside of Spark's queries: the only place that knows Catalyst. */
package io.embedlake.spark.sql;
