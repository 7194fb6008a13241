package io.embedlake.lexical.words;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/**
 * How much each word counts in the mean of a text's words. Immutable; prints as jobs and fingerprints write it.
 *
 * <p>{@link #SIF} is the smooth inverse frequency of Arora, Liang and Ma, A Simple but Tough-to-Beat Baseline for Sentence
 * Embeddings, ICLR 2017: a word of probability {@code p} counts {@code a / (a + p)} with {@code a = 1e-3}. Files do not say how often
 * a word was seen, but published ones begin with the most frequent words; so {@code p} is taken from a word's place {@code r} of
 * {@code n} by Zipf's law, {@code 1 / (r * (1 + 1/2 + ... + 1/n))}. The paper's second step, which removes the component that all
 * texts share, needs the whole corpus and is left out.
 */
enum Pooling {
    /** All words count the same. */
    MEAN {
        @Override
        IntToDoubleFunction weights(int words) {
            return word -> 1;
        }
    },
    /** Frequent words count less. */
    SIF {
        @Override
        IntToDoubleFunction weights(int words) {
            double harmonic = 0;
            for (int place = words; place >= 1; place--) {
                harmonic += 1.0 / place;
            }
            double sum = harmonic;
            return word -> SMOOTHING / (SMOOTHING + 1 / ((word + 1) * sum));
        }
    };

    private static final double SMOOTHING = 1e-3;

    /**
     * What each word of a vocabulary counts.
     *
     * @param words how many words it has, the most frequent one first
     * @return takes the number of a word, from 0
     */
    abstract IntToDoubleFunction weights(int words);

    /** The pooling of this name, if there is one. */
    static Optional<Pooling> named(String name) {
        return Arrays.stream(values())
                .filter(pooling -> pooling.toString().equals(name))
                .findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
