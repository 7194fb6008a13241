/** Keeps what was paid for until its wave is committed, so that a process that is killed costs no more than its calls under way. */
package io.embedlake.spark.spool;
