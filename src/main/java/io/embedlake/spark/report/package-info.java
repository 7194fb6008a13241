/** What a run was like, from its begin to its end, as a page for people. */
package io.embedlake.spark.report;
