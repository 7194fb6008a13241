package io.embedlake.local.head;

import io.embedlake.local.family.LayeredNetwork;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How the vectors of a text's tokens or an image's patches become one vector, under the names of sentence-transformers (Reimers and
 * Gurevych, 2019). Special tokens take part, padding never does.
 *
 * <p>The networks that embedlake writes pool inside of libtorch, with the functions {@code pool_*} of {@code blocks.py}; the
 * methods here do the same for engines that give hidden states.
 */
public enum Pooling {
    /** The vector of the first token that takes part. */
    CLS {
        @Override
        void pool(Text text, float[] vector) {
            int first = text.start < text.tokens ? text.start : 0;
            System.arraycopy(text.states, text.offset + first * vector.length, vector, 0, vector.length);
        }
    },
    /** The largest number of each dimension. */
    MAX {
        @Override
        void pool(Text text, float[] vector) {
            Arrays.fill(vector, -1e9f);
            text.add(vector, (position, sum, value) -> Math.max(sum, value));
        }
    },
    /** The mean. */
    MEAN {
        @Override
        void pool(Text text, float[] vector) {
            text.add(vector, (position, sum, value) -> sum + value);
            divide(vector, text.tokens - text.start);
        }
    },
    /** The mean of an image's patches, without the tokens before them. */
    PATCH_MEAN {
        @Override
        void pool(Text text, float[] vector) {
            throw new IllegalStateException("only the network knows its patches");
        }
    },
    /** The sum, divided by the root of the number of tokens. */
    MEAN_SQRT_LEN {
        @Override
        void pool(Text text, float[] vector) {
            text.add(vector, (position, sum, value) -> sum + value);
            divide(vector, Math.sqrt(text.tokens - text.start));
        }
    },
    /** The mean with the weights 1, 2, 3 and so on (Muennighoff, SGPT, 2022). */
    WEIGHTEDMEAN {
        @Override
        void pool(Text text, float[] vector) {
            text.add(vector, (position, sum, value) -> sum + (position + 1) * value);
            divide(vector, (text.tokens * (text.tokens + 1.0) - text.start * (text.start + 1.0)) / 2);
        }
    },
    /** The vector of the last token. */
    LASTTOKEN {
        @Override
        void pool(Text text, float[] vector) {
            System.arraycopy(text.states, text.offset + (text.tokens - 1) * vector.length, vector, 0, vector.length);
        }
    },
    /** The network's own vector of a text before any projection, such as that of BERT's pooler. */
    POOLER {
        @Override
        void pool(Text text, float[] vector) {
            throw new IllegalStateException("only the network knows its pooler");
        }
    },
    /** The vector that CLIP compares with those of images. */
    PROJECTION {
        @Override
        void pool(Text text, float[] vector) {
            throw new IllegalStateException("only the network knows its projection");
        }
    };

    /**
     * The hidden states of a text.
     *
     * @param states hidden states in row-major order
     * @param offset where those of the text begin
     * @param start the first position that takes part
     * @param tokens the number of the text's tokens, padding left out
     */
    public record Text(float[] states, int offset, int start, int tokens) {
        private interface Step {
            float next(int position, float sum, float value);
        }

        private void add(float[] vector, Step step) {
            for (int position = start; position < tokens; position++) {
                int at = offset + position * vector.length;
                for (int i = 0; i < vector.length; i++) {
                    vector[i] = step.next(position, vector[i], states[at + i]);
                }
            }
        }
    }

    abstract void pool(Text text, float[] vector);

    /** What a network's makers take. */
    public static Pooling of(LayeredNetwork.Usual usual) {
        return switch (usual) {
            case MEAN -> MEAN;
            case FIRST -> CLS;
            case LAST -> LASTTOKEN;
            case POOLED -> POOLER;
            case PROJECTED -> PROJECTION;
        };
    }

    /** Whether it makes sense for inputs of this kind. */
    public boolean suits(InputKind kind) {
        return switch (this) {
            case MEAN, MAX, CLS, POOLER, PROJECTION -> true;
            case PATCH_MEAN -> kind == InputKind.IMAGE;
            case MEAN_SQRT_LEN, WEIGHTEDMEAN, LASTTOKEN -> kind == InputKind.TEXT;
        };
    }

    private static void divide(float[] vector, double by) {
        float divisor = (float) Math.max(by, 1e-9);
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= divisor;
        }
    }

    /**
     * The vector of a text by several poolings, one after the other.
     *
     * @param hidden the width of a hidden state
     * @return {@code [poolings * hidden]}
     */
    public static float[] pool(List<Pooling> poolings, Text text, int hidden) {
        float[] vector = new float[poolings.size() * hidden];
        for (int i = 0; i < poolings.size(); i++) {
            float[] part = new float[hidden];
            poolings.get(i).pool(text, part);
            System.arraycopy(part, 0, vector, i * hidden, hidden);
        }
        return vector;
    }

    /**
     * The poolings that a job or a model names, joined by {@code +}, in their order.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when one is not supported
     */
    public static List<Pooling> named(String label, String names) {
        List<Pooling> poolings = new ArrayList<>();
        for (String name : names.split("\\+", -1)) {
            poolings.add(Arrays.stream(values())
                    .filter(pooling -> pooling.toString().equals(name.strip()))
                    .findFirst()
                    .orElseThrow(() -> new EmbedlakeException(
                            ErrorKind.CONFIGURATION,
                            "Cannot use the pooling that is asked of the model " + label + ": " + name.strip()
                                    + " (supported are "
                                    + Arrays.stream(values())
                                            .map(Pooling::toString)
                                            .collect(Collectors.joining(", "))
                                    + ", also several joined by +). Set the key pooling to one of them, or change the key"
                                    + " model.")));
        }
        return poolings;
    }

    /** The name; the inverse of {@link #named}. */
    public static String text(List<Pooling> poolings) {
        return poolings.stream().map(Pooling::toString).collect(Collectors.joining("+"));
    }

    @Override
    public String toString() {
        return this == PATCH_MEAN ? "patch-mean" : name().toLowerCase(Locale.ROOT);
    }
}
