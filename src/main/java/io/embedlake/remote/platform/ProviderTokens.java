package io.embedlake.remote.platform;

import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Input;
import io.embedlake.spi.TokenCounter;

/**
 * Counts or estimates what a provider will charge. Confined to one thread.
 *
 * @param form what counts
 * @param mostTokens of a text; longer ones are cut or refused
 */
record ProviderTokens(SentForm form, int mostTokens) implements TokenCounter {
    private record Counted(int tokens, boolean truncated) implements EncodedInput {}

    @Override
    public EncodedInput encode(Input input) {
        long count = Math.max(1, form.tokens(input));
        return new Counted((int) Math.min(mostTokens, count), count > mostTokens);
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
