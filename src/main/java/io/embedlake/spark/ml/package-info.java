/** Spark ML: fitting on samples. Every import of {@code org.apache.spark.ml} lives here. */
package io.embedlake.spark.ml;
