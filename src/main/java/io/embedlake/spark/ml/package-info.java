/** Spark ML: fitting reductions and models on samples. Every import of {@code org.apache.spark.ml} and {@code mllib} lives here. */
package io.embedlake.spark.ml;
