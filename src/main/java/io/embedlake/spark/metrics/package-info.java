/** What Spark's metrics system shows of jobs: on the driver a source for each job, on executors totals of their JVM. */
package io.embedlake.spark.metrics;
