package io.embedlake.local;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;

/**
 * How many special tokens a tokenizer puts around a text. Immutable.
 *
 * @param before those before it
 * @param after those behind it
 */
record SpecialTokens(int before, int after) {
    private static final String PROBE = "a";

    static SpecialTokens of(HuggingFaceTokenizer tokenizer) {
        long[] special = tokenizer.encode(PROBE).getSpecialTokenMask();
        int before = 0;
        while (before < special.length && special[before] == 1) {
            before++;
        }
        int after = 0;
        while (after < special.length - before && special[special.length - 1 - after] == 1) {
            after++;
        }
        return new SpecialTokens(before, after);
    }

    /** The first values of a text's tokens, those from here to there, and what stands behind the text. */
    long[] part(long[] values, int first, int from, int to) {
        long[] part = new long[first + to - from + after];
        System.arraycopy(values, 0, part, 0, first);
        System.arraycopy(values, from, part, first, to - from);
        System.arraycopy(values, values.length - after, part, first + to - from, after);
        return part;
    }
}
