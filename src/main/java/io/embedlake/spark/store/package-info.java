/** The tables that embedlake keeps beside a target: vectors, rejected texts, reducers and runs. */
package io.embedlake.spark.store;
