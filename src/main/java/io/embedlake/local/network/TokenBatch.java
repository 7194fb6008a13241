package io.embedlake.local.network;

import java.util.Arrays;
import java.util.List;

/**
 * The token ids of some texts, side by side, filled up to the length of the longest. Immutable by convention.
 *
 * @param texts how many texts: B
 * @param length the length of the longest: L
 * @param ids the ids, {@code [B, L]} in row-major order
 * @param types the segment of each token, {@code [B, L]}
 * @param starts the first position of each text that takes part in pooling, {@code [B]}
 * @param lengths the length of each text, {@code [B]}
 */
public record TokenBatch(int texts, int length, long[] ids, long[] types, long[] starts, long[] lengths) {

    /**
     * A text's tokens.
     *
     * @param ids the ids, special ones included, {@code [tokens]}
     * @param types the segment of each, {@code [tokens]}
     * @param start the first position that takes part in pooling
     */
    public record Sequence(long[] ids, long[] types, int start) {
        /** The same sequence, padded to this length. */
        public Sequence filledUp(long padding, int length) {
            long[] longer = Arrays.copyOf(ids, Math.max(ids.length, length));
            Arrays.fill(longer, ids.length, longer.length, padding);
            return new Sequence(longer, Arrays.copyOf(types, longer.length), start);
        }
    }

    /**
     * These sequences side by side.
     *
     * @param padding the id that fills up the short ones
     */
    public static TokenBatch of(List<Sequence> sequences, long padding) {
        int width = sequences.stream()
                .mapToInt(sequence -> sequence.ids().length)
                .max()
                .orElseThrow();
        long[] ids = new long[sequences.size() * width];
        long[] types = new long[ids.length];
        long[] starts = new long[sequences.size()];
        long[] lengths = new long[sequences.size()];
        Arrays.fill(ids, padding);
        for (int text = 0; text < starts.length; text++) {
            Sequence sequence = sequences.get(text);
            System.arraycopy(sequence.ids(), 0, ids, text * width, sequence.ids().length);
            System.arraycopy(sequence.types(), 0, types, text * width, sequence.types().length);
            starts[text] = sequence.start();
            lengths[text] = sequence.ids().length;
        }
        return new TokenBatch(starts.length, width, ids, types, starts, lengths);
    }
}
