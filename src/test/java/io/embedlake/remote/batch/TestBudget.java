package io.embedlake.remote.batch;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;

/** A budget that is a number of tokens. Confined to one thread. */
public final class TestBudget implements BatchBudget {
    private long left;

    public TestBudget(long left) {
        this.left = left;
    }

    @Override
    public long left() {
        return left;
    }

    @Override
    public void spend(long tokens) {
        left -= tokens;
    }

    @Override
    public EmbedlakeException usedUp() {
        return new EmbedlakeException(ErrorKind.EXHAUSTED, "Cannot go on: " + left + " tokens are left. Add some.");
    }
}
