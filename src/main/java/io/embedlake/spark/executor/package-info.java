/** What runs in tasks: embedders shared by a JVM, models shipped to it, and the functions that Spark calls. */
package io.embedlake.spark.executor;
