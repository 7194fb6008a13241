package io.embedlake.lexical.fitted;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A fitted bag of terms: the vocabulary, what each term counts, and where the projection leads it. Immutable by convention.
 *
 * @param terms what texts are taken apart into
 * @param weighting what the weights mean
 * @param texts how many texts it was fitted on
 * @param vocabulary the terms, the most frequent one first
 * @param weights what each term counts, {@code [terms]}
 * @param dimensions the length of a vector
 * @param projection {@code [terms, dimensions]} in row-major order; empty when a vector has a number for each term
 */
public record BagModel(
        Terms terms,
        Weighting weighting,
        long texts,
        List<String> vocabulary,
        float[] weights,
        int dimensions,
        float[] projection) {
    public BagModel {
        vocabulary = List.copyOf(vocabulary);
        boolean isProjected = projection.length > 0;
        if (vocabulary.isEmpty()
                || weights.length != vocabulary.size()
                || isProjected && projection.length != (long) vocabulary.size() * dimensions
                || !isProjected && dimensions != vocabulary.size()) {
            throw new IllegalArgumentException(vocabulary.size() + " terms, " + weights.length + " weights, "
                    + dimensions + " dimensions and " + projection.length + " numbers of a projection");
        }
    }

    /** Whether vectors are shorter than the vocabulary is large. */
    boolean isProjected() {
        return projection.length > 0;
    }

    /** The number of each term. */
    Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new HashMap<>(2 * vocabulary.size());
        for (int i = 0; i < vocabulary.size(); i++) {
            numbers.put(vocabulary.get(i), i);
        }
        return numbers;
    }
}
