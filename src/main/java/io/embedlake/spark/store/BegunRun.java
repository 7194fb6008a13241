package io.embedlake.spark.store;

/**
 * A run and what it found when it began. Immutable.
 *
 * @param run the run
 * @param found the versions of the tables then
 */
public record BegunRun(RunId run, TableVersions found) {}
