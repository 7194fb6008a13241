/** Secrets that a cluster keeps for its jobs. */
package io.embedlake.spark.secret;
