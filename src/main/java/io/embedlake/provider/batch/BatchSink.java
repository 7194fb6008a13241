package io.embedlake.provider.batch;

import io.embedlake.embed.Outcome;

/** Takes outcomes and keeps them. Called by the thread of the run. */
public interface BatchSink {
    /** What became of a text. After a kill it may be told again; it never changes from one vector to another. */
    void take(String id, Outcome outcome);

    /** Returns when all that was taken is kept for good: what follows is never asked for again. */
    void commit();
}
