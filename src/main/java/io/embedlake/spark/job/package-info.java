/** Jobs: the steps from the rows of a source to published vector columns, in the order of a run. */
package io.embedlake.spark.job;
