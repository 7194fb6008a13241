package io.embedlake.local;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.embedlake.spi.Spans;
import io.embedlake.spi.Vectors;
import java.util.Arrays;

/**
 * Which of a text's tokens have a vector: its own, without special ones and those of a prompt; each alone, or merged to words. Immutable by
 * convention.
 *
 * <p>A word ends where the tokenizer's own words end, and at white space, because some tokenizers have no notion of words. A token of
 * nothing but white space belongs to the word behind it; where there is none, it is part of no word.
 *
 * @param spans where in the text the tokens or words stand
 * @param from the position of each one's first token in the sequence, {@code [spans]}
 * @param to the position after its last one, {@code [spans]}
 */
record TokenSpans(Spans spans, int[] from, int[] to) {

    /** What becomes of the tokens that make up a word. */
    enum Unit {
        /** Each has a vector. */
        SUB_WORD,
        /** The word has one: the mean of its tokens' vectors. */
        WORD
    }

    /**
     * The spans of a text.
     *
     * @param encoding the text's tokens, behind those of a prompt
     * @param text the text with its prompt
     * @param prompt the length of the prompt in characters
     */
    static TokenSpans of(Encoding encoding, String text, int prompt, Unit unit) {
        return new Reader(encoding, text, prompt, unit).read();
    }

    /**
     * The vectors of the spans.
     *
     * @param states the vectors of tokens, row after row
     * @param offset where those of this text begin
     * @param width the length of a vector
     * @param unitLength whether each is brought to length 1
     * @return {@code [spans, width]}
     */
    float[] vectors(float[] states, int offset, int width, boolean unitLength) {
        float[] vectors = new float[from.length * width];
        for (int span = 0; span < from.length; span++) {
            int at = span * width;
            for (int position = from[span]; position < to[span]; position++) {
                for (int i = 0; i < width; i++) {
                    vectors[at + i] += states[offset + position * width + i];
                }
            }
            if (unitLength) {
                Vectors.normalize(vectors, at, at + width);
                continue;
            }
            float scale = 1f / (to[span] - from[span]);
            for (int i = at; i < at + width && scale != 1; i++) {
                vectors[i] *= scale;
            }
        }
        return vectors;
    }

    /** Goes over the tokens of a text once. Confined to one thread. */
    private static final class Reader {
        private final CharSpan[] tokens;
        private final long[] words;
        private final long[] special;
        private final int[] characters;
        private final int prompt;
        private final Unit unit;
        private final int[] starts;
        private final int[] ends;
        private final int[] from;
        private final int[] to;
        private int count;

        Reader(Encoding encoding, String text, int prompt, Unit unit) {
            this.tokens = encoding.getCharTokenSpans();
            this.words = encoding.getWordIds();
            this.special = encoding.getSpecialTokenMask();
            this.characters = text.codePoints().toArray();
            this.prompt = text.codePointCount(0, prompt);
            this.unit = unit;
            this.starts = new int[tokens.length];
            this.ends = new int[tokens.length];
            this.from = new int[tokens.length];
            this.to = new int[tokens.length];
        }

        TokenSpans read() {
            for (int position = 0; position < tokens.length; position++) {
                CharSpan token = tokens[position];
                boolean isOwn = special[position] == 0 && token != null && (prompt == 0 || token.getEnd() > prompt);
                if (isOwn) {
                    add(position, Math.max(prompt, token.getStart()), token.getEnd());
                }
            }
            if (unit == Unit.WORD) {
                trim();
            }
            return new TokenSpans(
                    new Spans(Arrays.copyOf(starts, count), Arrays.copyOf(ends, count)),
                    Arrays.copyOf(from, count),
                    Arrays.copyOf(to, count));
        }

        private void add(int position, int start, int end) {
            if (unit == Unit.WORD && count > 0 && continues(position, start)) {
                ends[count - 1] = Math.max(ends[count - 1], end - prompt);
                to[count - 1] = position + 1;
                return;
            }
            starts[count] = start - prompt;
            ends[count] = end - prompt;
            from[count] = position;
            to[count] = position + 1;
            count++;
        }

        /** Whether a token continues the word of the one before it. */
        private boolean continues(int position, int start) {
            if (to[count - 1] != position || words[position] != words[position - 1]) {
                return false;
            }
            int end = ends[count - 1] + prompt;
            boolean goesOn = start < end || (start == end && !isSpace(start) && !isSpace(start - 1));
            return goesOn || (start == end && isBlank(starts[count - 1], ends[count - 1]));
        }

        private boolean isBlank(int start, int end) {
            for (int at = start; at < end; at++) {
                if (!isSpace(at + prompt)) {
                    return false;
                }
            }
            return true;
        }

        private boolean isSpace(int at) {
            if (at < 0 || at >= characters.length) {
                return false;
            }
            int character = characters[at];
            return Character.isWhitespace(character) || Character.isSpaceChar(character);
        }

        /** Some tokens begin with the space before them, or are nothing else; a word does not, and is not. */
        private void trim() {
            int words = 0;
            for (int span = 0; span < count; span++) {
                if (!isBlank(starts[span], ends[span])) {
                    int start = starts[span];
                    int end = ends[span];
                    while (isSpace(start + prompt)) {
                        start++;
                    }
                    while (isSpace(end - 1 + prompt)) {
                        end--;
                    }
                    starts[words] = start;
                    ends[words] = end;
                    from[words] = from[span];
                    to[words] = to[span];
                    words++;
                }
            }
            count = words;
        }
    }
}
