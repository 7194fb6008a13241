package io.embedlake.remote.batch;

/** Observes the progress of a run. Called by the thread of the run. */
@FunctionalInterface
public interface BatchWatch {
    /** Called before each wait: nothing can be done until this many batches progress. */
    void waiting(int batches);
}
