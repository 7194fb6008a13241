/** Batch APIs, at half the price and up to a day slower: files, jobs, and the journal that another process resumes from. */
package io.embedlake.remote.batch;
