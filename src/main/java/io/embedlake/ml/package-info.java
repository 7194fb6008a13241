/** Stages for pipelines of Spark ML: thin skins over the functions of SQL. */
package io.embedlake.ml;
