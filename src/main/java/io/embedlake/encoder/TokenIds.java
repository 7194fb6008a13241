package io.embedlake.encoder;

import io.embedlake.embed.EncodedText;

/**
 * A text as a transformer sees it. Immutable by agreement.
 *
 * @param ids the token ids, special ones included, {@code [tokens]}
 * @param types the segment of each token, {@code [tokens]}
 * @param start the first position that takes part in pooling
 * @param truncated whether tokens were left out at the end
 */
record TokenIds(long[] ids, long[] types, int start, boolean truncated) implements EncodedText {
    @Override
    public int tokens() {
        return ids.length;
    }
}
