package io.embedlake.remote.batch;

import io.embedlake.spi.EmbedlakeException;

/** What a run may spend. Used by the thread of the run. */
public interface BatchBudget {
    /** How many tokens may still be submitted. */
    long left();

    /** This many tokens are about to be submitted. */
    void spend(long tokens);

    /** Why nothing more may be submitted. */
    EmbedlakeException usedUp();
}
