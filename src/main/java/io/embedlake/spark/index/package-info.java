/** The search index of a vector column: cells and their entries in Delta tables, built and kept by runs and read by searches. */
package io.embedlake.spark.index;
