package io.embedlake.remote.batch;

/** Hears how a run gets on. Called by the thread of the run. */
@FunctionalInterface
public interface BatchWatch {
    /** Nothing is to be done until so many batches get on; told before each wait. */
    void waiting(int batches);
}
