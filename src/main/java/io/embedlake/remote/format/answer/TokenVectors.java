package io.embedlake.remote.format.answer;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.embedlake.remote.format.Reply;
import io.embedlake.remote.format.common.Success;
import io.embedlake.remote.format.json.WrongAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The two replies of text-embeddings-inference about tokens: {@code /embed_all} gives their vectors, {@code /tokenize} their places.
 * Rows of each token stand one after another in an array for each text. Immutable.
 */
public interface TokenVectors extends Success {
    /** The position of special tokens. */
    int NOWHERE = -1;

    /** Rows of tokens, which are checked when the vectors and the places are joined. */
    @Override
    default void requireSound(List<float[]> rows) {}

    /** Nothing: the tokens of a text are counted by its rows. */
    @Override
    default OptionalLong charged(Reply reply) {
        return OptionalLong.empty();
    }

    private static List<float[]> counted(List<float[]> texts, int expected) {
        if (texts.size() != expected) {
            throw new WrongAnswer("tokens of " + texts.size() + " texts for " + expected);
        }
        return texts;
    }

    /** The vectors of all tokens, special ones included, not brought to length 1: {@code [tokens, dimension]} for each text. */
    record Rows(float[][][] all) implements TokenVectors {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        public Rows {}

        @Override
        public List<float[]> vectors(int expected) {
            List<float[]> texts = new ArrayList<>();
            int dimension = -1;
            for (float[][] text : all) {
                if (text == null || text.length == 0) {
                    throw new WrongAnswer("a text without vectors of tokens");
                }
                dimension = dimension < 0 ? text[0].length : dimension;
                float[] rows = new float[text.length * dimension];
                for (int token = 0; token < text.length; token++) {
                    if (text[token].length != dimension || dimension == 0) {
                        throw new WrongAnswer(
                                "a vector of " + text[token].length + " values among those of " + dimension);
                    }
                    System.arraycopy(text[token], 0, rows, token * dimension, dimension);
                }
                texts.add(rows);
            }
            return counted(texts, expected);
        }
    }

    /**
     * The places of all tokens, those of texts that are too long not excepted: {@code [tokens, 2]} for each text, the bytes of its UTF-8 at
     * which each token begins and has ended, {@link #NOWHERE} twice for a special one.
     */
    record Places(Token[][] all) implements TokenVectors {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        public Places {}

        @Override
        public List<float[]> vectors(int expected) {
            List<float[]> texts = new ArrayList<>();
            for (Token[] text : all) {
                if (text == null || text.length == 0) {
                    throw new WrongAnswer("a text without tokens");
                }
                float[] pairs = new float[text.length * 2];
                for (int token = 0; token < text.length; token++) {
                    if (text[token] == null) {
                        throw new WrongAnswer("a token that is null");
                    }
                    pairs[token * 2] = text[token].start();
                    pairs[token * 2 + 1] = text[token].stop();
                }
                texts.add(pairs);
            }
            return counted(texts, expected);
        }
    }

    /** What the server says of a token; where it is, in bytes of UTF-8, is not said of special ones. */
    record Token(@JsonProperty("special") boolean isSpecial, Integer start, Integer stop) {
        public Token {
            start = isSpecial || start == null ? NOWHERE : start;
            stop = isSpecial || stop == null ? NOWHERE : stop;
            if (!isSpecial && (start < 0 || stop < start)) {
                throw new WrongAnswer("a token from " + start + " to " + stop);
            }
        }
    }
}
