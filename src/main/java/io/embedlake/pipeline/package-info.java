/** The engine without Spark: texts in, outcomes out, under budgets, with bad rows isolated. */
package io.embedlake.pipeline;
