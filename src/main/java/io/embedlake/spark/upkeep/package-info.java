/** Keeps the tables of a store small and fast: small files become large, what no column uses any more goes when it is asked to. */
package io.embedlake.spark.upkeep;
