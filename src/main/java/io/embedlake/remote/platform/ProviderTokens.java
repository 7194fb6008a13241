package io.embedlake.remote.platform;

import io.embedlake.remote.pack.TextTokens;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Input;
import io.embedlake.spi.TokenCounter;

/**
 * Counts or estimates what a provider will charge. Confined to one thread.
 *
 * @param tokens what counts
 * @param mostTokens of a text; longer ones are cut or refused
 */
record ProviderTokens(TextTokens tokens, int mostTokens) implements TokenCounter {
    private record Counted(int tokens, boolean truncated) implements EncodedInput {}

    @Override
    public EncodedInput encode(Input input) {
        String text = input.text();
        long count = Math.max(1, tokens.count(text));
        return new Counted((int) Math.min(mostTokens, count), count > mostTokens);
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
