/** A run: its context, observer and cancellation. */
package io.embedlake.spark.run;
