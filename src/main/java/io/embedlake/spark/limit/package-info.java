/** The limits of providers in a Spark cluster: rate limiters on the driver, clients on executors, and the ways between them. */
package io.embedlake.spark.limit;
