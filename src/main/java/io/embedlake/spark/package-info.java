/** The job: where Spark meets the engine. */
package io.embedlake.spark;
