package io.embedlake.remote.batch;

import io.embedlake.spi.Outcome;

/** Takes outcomes and keeps them. Called by the thread of the run. */
public interface BatchSink {
    /** What became of a text. */
    void take(String id, Outcome outcome);

    /**
     * Returns when all that was taken since the last commit is kept for good: it is never submitted again.
     *
     * @param name of what was taken; after a kill the same outcomes may come once more, under the same name
     */
    void commit(String name);
}
