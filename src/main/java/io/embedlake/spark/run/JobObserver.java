package io.embedlake.spark.run;

import io.embedlake.annotation.Stable;
import io.embedlake.pipeline.WorkPlan;

/**
 * Receives a job's progress. Called from the job's thread and, for {@link #progress} and {@link #waiting}, from another thread, so an implementation is
 * thread-safe. What it throws in {@link #planned} or {@link #phase} stops the job.
 */
@Stable
public interface JobObserver {
    /** The plan is made; work begins. */
    default void planned(WorkPlan plan) {}

    /** A step begins that takes a while. */
    default void phase(String what) {}

    /** How far the embedding of a column has got; about once a second. */
    default void progress(Progress progress) {}

    /** The outcomes of a wave are in the store. */
    default void committed(CommittedWave wave) {}

    /** Why nothing happens just now, in a sentence; the job goes on waiting. */
    default void waiting(String why) {}
}
