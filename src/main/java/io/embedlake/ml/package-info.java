/** Stages for pipelines of Spark ML: thin skins over the functions of SQL and the reductions of jobs. */
package io.embedlake.ml;
