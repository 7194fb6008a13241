/** What has changed in a Delta table since a run has read it: the files that hold all changed rows. */
package io.embedlake.spark.change;
