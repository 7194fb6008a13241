/** What reductions keep of a column's own vectors, side by side. */
package io.embedlake.spark.evaluate;
