package io.embedlake.provider.platform;

import io.embedlake.provider.client.CallFeedback;
import io.embedlake.provider.pack.LearntBudgets;
import io.embedlake.provider.pack.Pack;
import io.embedlake.provider.pack.TextTokens;
import io.embedlake.provider.wire.Reading.Fault;

/**
 * Lets the next calls be packed as the last ones turned out. Thread-safe.
 *
 * @param budgets what a call may hold
 * @param tokens what counts tokens
 */
record EndpointFeedback(LearntBudgets budgets, TextTokens tokens) implements CallFeedback {
    @Override
    public void charged(long counted, long charged) {
        tokens.learn(counted, charged);
    }

    @Override
    public void tooBig(Fault fault, int texts, long counted, long characters) {
        budgets.learn(fault, new Pack(0, texts, counted, characters, true));
    }
}
