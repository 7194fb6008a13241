/** What nodes of Spark's plans have in common that are made in Java: they add columns behind those of their child. */
package io.embedlake.sql.plan;
