/** The limits of providers in a Spark cluster: authorities on the driver, holders on executors, and the ways between them. */
package io.embedlake.spark.limit;
