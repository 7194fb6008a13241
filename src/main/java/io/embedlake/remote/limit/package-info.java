/**
 * One limit for all clients of an endpoint and key: a rate limiter on the driver grants permits, each valid for a moment; clients on
 * executors send when their permits become valid. Rationale: {@code docs/decisions/20-leases.md}.
 */
package io.embedlake.remote.limit;
