package io.embedlake.local;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Splits long texts into overlapping chunks of tokens; each has the special tokens of a whole text, and the prompt. Thread-safe; closed by
 * its owner.
 */
final class Chunks implements AutoCloseable {
    /**
     * A chunk of a text.
     *
     * @param tokens its tokens, with the special ones and the prompt
     * @param start its start in the text with its prompt, in code points
     * @param end its end, exclusive
     */
    record Chunk(TokenIds tokens, int start, int end) {}

    private final HuggingFaceTokenizer tokenizer;
    private final int maxTokens;
    private final int overlap;
    private final SpecialTokens special;

    /** Takes ownership of a tokenizer that does not truncate. */
    Chunks(HuggingFaceTokenizer tokenizer, int maxTokens, int overlap) {
        this.tokenizer = tokenizer;
        this.maxTokens = maxTokens;
        this.overlap = overlap;
        this.special = SpecialTokens.of(tokenizer);
    }

    /**
     * The chunks of a text.
     *
     * @param text the text with its prompt
     * @param promptTokens the tokens of the prompt with the special ones before it; 0 without a prompt
     * @param start the first position of each chunk that takes part in pooling
     */
    List<Chunk> split(String text, int promptTokens, int start) {
        Encoding encoding = tokenizer.encode(text);
        long[] ids = encoding.getIds();
        long[] types = encoding.getTypeIds();
        int before = Math.max(special.before(), promptTokens);
        int room = maxTokens - before - special.after();
        int end = ids.length - special.after();
        int step = Math.max(1, room - overlap);
        CharSpan[] spans = encoding.getCharTokenSpans();
        List<Chunk> chunks = new ArrayList<>();
        for (int from = before; from < end; from += step) {
            int to = Math.min(end, from + room);
            TokenIds tokens = new TokenIds(
                    special.part(ids, before, from, to),
                    special.part(types, before, from, to),
                    start,
                    false,
                    Optional.empty());
            chunks.add(new Chunk(tokens, spans[from].getStart(), spans[to - 1].getEnd()));
            if (to == end) {
                break;
            }
        }
        return chunks;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
