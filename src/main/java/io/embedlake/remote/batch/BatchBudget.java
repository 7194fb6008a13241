package io.embedlake.remote.batch;

import io.embedlake.spi.EmbedlakeException;

/** What a run may spend. Used by the thread of the run. */
public interface BatchBudget {
    /** How many tokens may still be asked for. */
    long left();

    /** So many tokens are about to be asked for. */
    void spend(long tokens);

    /** Why nothing more may be asked for. */
    EmbedlakeException usedUp();
}
