package io.embedlake.remote.platform;

import io.embedlake.remote.format.Reading.Fault;
import io.embedlake.remote.http.CallFeedback;
import io.embedlake.remote.pack.LearntBudgets;
import io.embedlake.remote.pack.Pack;

/**
 * Lets the next calls be packed as the last ones turned out. Thread-safe.
 *
 * @param budgets what a call may hold
 * @param form what counts tokens
 */
record EndpointFeedback(LearntBudgets budgets, SentForm form) implements CallFeedback {
    @Override
    public void charged(long counted, long charged) {
        form.learn(counted, charged);
    }

    @Override
    public void tooBig(Fault fault, int texts, long counted, long characters) {
        budgets.learn(fault, new Pack(0, texts, counted, characters, true));
    }
}
