/** The nearest rows of one table for each row of another: a join by similarity. */
package io.embedlake.spark.neighbours;
