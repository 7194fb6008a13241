/** Publishing: a target table, what it refuses, and the one MERGE that changes it. */
package io.embedlake.spark.publish;
