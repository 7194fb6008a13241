/** Batch APIs, half the price and up to a day late: files, jobs, the journal from which another process goes on. */
package io.embedlake.remote.batch;
