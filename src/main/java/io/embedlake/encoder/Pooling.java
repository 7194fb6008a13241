package io.embedlake.encoder;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.util.Locale;

/** How the vectors of a text's tokens become the text's vector (Reimers and Gurevych, Sentence-BERT, 2019). Stateless. */
enum Pooling {
    /** The mean over the text's own tokens, special ones included, padding not. */
    MEAN {
        @Override
        float[] pool(float[] states, int start, int tokens, int hidden) {
            float[] vector = new float[hidden];
            for (int token = 0; token < tokens; token++) {
                int offset = start + token * hidden;
                for (int i = 0; i < hidden; i++) {
                    vector[i] += states[offset + i];
                }
            }
            for (int i = 0; i < hidden; i++) {
                vector[i] /= tokens;
            }
            return vector;
        }
    },
    /** The vector of the first token. */
    CLS {
        @Override
        float[] pool(float[] states, int start, int tokens, int hidden) {
            return java.util.Arrays.copyOfRange(states, start, start + hidden);
        }
    };

    /**
     * The vector of one text.
     *
     * @param states the last hidden states of a batch, {@code [batch, length, hidden]} in row-major order
     * @param start the offset of the text's first token
     * @param tokens how many tokens the text has, padding left out
     * @param hidden the length of a token's vector
     * @return {@code [hidden]}
     */
    abstract float[] pool(float[] states, int start, int tokens, int hidden);

    /** The pooling of this name, which the job or the model asks for. */
    static Pooling named(String label, String name) {
        for (Pooling pooling : values()) {
            if (pooling.toString().equals(name)) {
                return pooling;
            }
        }
        throw new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot use the pooling that the model " + label + " asks for: " + name
                        + " (mean and cls are supported). Set the key pooling to one of them, or change the key model.");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
