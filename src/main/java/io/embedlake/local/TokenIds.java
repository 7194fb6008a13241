package io.embedlake.local;

import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Spans;
import java.util.Optional;

/**
 * A text as input of a transformer. Immutable by convention.
 *
 * @param ids the token ids, special ones included, {@code [tokens]}
 * @param types the segment of each token, {@code [tokens]}
 * @param start the first position that takes part in pooling
 * @param truncated whether tokens were left out at the end
 * @param parts the tokens that have their own vector; empty when the text has one
 */
record TokenIds(long[] ids, long[] types, int start, boolean truncated, Optional<TokenSpans> parts)
        implements EncodedInput {
    @Override
    public int tokens() {
        return ids.length;
    }

    @Override
    public Optional<Spans> spans() {
        return parts.map(TokenSpans::spans);
    }
}
