/** Nearest rows: exact top-k over a vector column. */
package io.embedlake.spark.search;
