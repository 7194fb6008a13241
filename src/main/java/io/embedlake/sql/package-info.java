/** The SQL door: a catalog whose procedures are jobs, searches and plans. A thin skin over the library in {@code io.embedlake}. */
package io.embedlake.sql;
