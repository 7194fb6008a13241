/**
 * One limit for all who send to an endpoint with a key: a rate limiter on the driver gives out permits, each good for a moment; clients on
 * executors send when their permits' moments come. Why it is so: {@code docs/decisions/20-leases.md}.
 */
package io.embedlake.remote.limit;
