/** Files of images that a column names: read on executors, hashed once in a run, and read again by those that embed them. */
package io.embedlake.spark.image;
