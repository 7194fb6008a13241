package io.embedlake.encoder;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts long texts into pieces of tokens that overlap; each has the special tokens of a whole text, and the prompt. Thread-safe; closed
 * by its owner.
 */
final class Pieces implements AutoCloseable {
    private static final String PROBE = "a";

    /**
     * A piece of a text.
     *
     * @param tokens its tokens, with the special ones and the prompt
     * @param start where in the text with its prompt it begins, in code points
     * @param end where it has ended
     */
    record Piece(TokenIds tokens, int start, int end) {}

    private final HuggingFaceTokenizer tokenizer;
    private final int maxTokens;
    private final int overlap;
    private final int specialBefore;
    private final int specialAfter;

    /** Takes a tokenizer over that truncates nothing. */
    Pieces(HuggingFaceTokenizer tokenizer, int maxTokens, int overlap) {
        this.tokenizer = tokenizer;
        this.maxTokens = maxTokens;
        this.overlap = overlap;
        long[] special = tokenizer.encode(PROBE).getSpecialTokenMask();
        int before = 0;
        while (before < special.length && special[before] == 1) {
            before++;
        }
        int after = 0;
        while (after < special.length - before && special[special.length - 1 - after] == 1) {
            after++;
        }
        this.specialBefore = before;
        this.specialAfter = after;
    }

    /**
     * The pieces of a text.
     *
     * @param text the text with its prompt
     * @param promptTokens the tokens of the prompt with the special ones before it; 0 without a prompt
     * @param start the first position of each piece that takes part in pooling
     */
    List<Piece> split(String text, int promptTokens, int start) {
        Encoding encoding = tokenizer.encode(text);
        long[] ids = encoding.getIds();
        long[] types = encoding.getTypeIds();
        int before = Math.max(specialBefore, promptTokens);
        int room = maxTokens - before - specialAfter;
        int end = ids.length - specialAfter;
        int step = Math.max(1, room - overlap);
        CharSpan[] spans = encoding.getCharTokenSpans();
        List<Piece> pieces = new ArrayList<>();
        for (int from = before; from < end; from += step) {
            int to = Math.min(end, from + room);
            TokenIds tokens = new TokenIds(
                    piece(ids, before, from, to), piece(types, before, from, to), start, false, Optional.empty());
            pieces.add(new Piece(tokens, spans[from].getStart(), spans[to - 1].getEnd()));
            if (to == end) {
                break;
            }
        }
        return pieces;
    }

    /** What stands before every piece, the tokens from here to there, what stands after. */
    private long[] piece(long[] values, int before, int from, int to) {
        long[] piece = new long[before + to - from + specialAfter];
        System.arraycopy(values, 0, piece, 0, before);
        System.arraycopy(values, from, piece, before, to - from);
        System.arraycopy(values, values.length - specialAfter, piece, before + to - from, specialAfter);
        return piece;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
