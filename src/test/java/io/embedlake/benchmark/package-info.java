/** Benchmarks, run by {@code benchmark/run}; no test runs them. */
package io.embedlake.benchmark;
