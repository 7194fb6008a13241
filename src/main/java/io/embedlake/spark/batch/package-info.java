/** Outcomes of batches on their way from the driver to the store. */
package io.embedlake.spark.batch;
