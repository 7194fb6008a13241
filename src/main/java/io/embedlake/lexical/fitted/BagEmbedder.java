package io.embedlake.lexical.fitted;

import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Makes vectors of bags of terms: each term's count times its weight, all of them brought to length 1 and projected. Immutable and
 * thread-safe, and so are its sessions, which have nothing of their own; there is nothing to close.
 */
final class BagEmbedder implements Embedder {
    private final BagModel model;
    private final Map<String, Integer> numbers;

    BagEmbedder(BagModel model) {
        this.model = model;
        this.numbers = model.numbers();
    }

    @Override
    public int dimension() {
        return model.dimensions();
    }

    @Override
    public boolean hasZeroVectors() {
        return true;
    }

    @Override
    public EmbeddingSession open() {
        return new Session();
    }

    private TermBag bag(List<String> terms) {
        int[] found = new int[terms.size()];
        int known = 0;
        for (String term : terms) {
            Integer number = numbers.get(term);
            if (number != null) {
                found[known++] = number;
            }
        }
        Arrays.sort(found, 0, known);
        int[] distinct = new int[known];
        float[] weights = new float[known];
        int size = 0;
        double squares = 0;
        for (int from = 0; from < known; ) {
            int to = from + 1;
            while (to < known && found[to] == found[from]) {
                to++;
            }
            distinct[size] = found[from];
            weights[size] = (to - from) * model.weights()[found[from]];
            squares += (double) weights[size] * weights[size];
            size++;
            from = to;
        }
        float scale = (float) (1 / Math.sqrt(squares));
        for (int i = 0; i < size; i++) {
            weights[i] *= scale;
        }
        return new TermBag(
                Arrays.copyOf(distinct, size), Arrays.copyOf(weights, size), terms.size(), terms.size() - known);
    }

    private float[] vector(TermBag bag) {
        float[] vector = new float[model.dimensions()];
        int[] terms = bag.numbers();
        float[] weights = bag.weights();
        if (!model.isProjected()) {
            for (int i = 0; i < terms.length; i++) {
                vector[terms[i]] = weights[i];
            }
            return vector;
        }
        int at = 0;
        for (; at + 4 <= terms.length; at += 4) {
            addFour(vector, terms, weights, at, model.projection());
        }
        for (; at < terms.length; at++) {
            addOne(vector, terms[at], weights[at], model.projection());
        }
        return vector;
    }

    /** Four at once: the sum is loaded and stored a quarter as often. */
    private static void addFour(float[] vector, int[] terms, float[] weights, int at, float[] projection) {
        int a = terms[at] * vector.length;
        int b = terms[at + 1] * vector.length;
        int c = terms[at + 2] * vector.length;
        int d = terms[at + 3] * vector.length;
        float ofA = weights[at];
        float ofB = weights[at + 1];
        float ofC = weights[at + 2];
        float ofD = weights[at + 3];
        for (int i = 0; i < vector.length; i++) {
            vector[i] += ofA * projection[a + i]
                    + ofB * projection[b + i]
                    + ofC * projection[c + i]
                    + ofD * projection[d + i];
        }
    }

    private static void addOne(float[] vector, int term, float weight, float[] projection) {
        int from = term * vector.length;
        for (int i = 0; i < vector.length; i++) {
            vector[i] += weight * projection[from + i];
        }
    }

    /** Counts while encoding, projects while embedding: there is nothing to gain from a batch. */
    private final class Session implements EmbeddingSession {
        @Override
        public EncodedInput encode(Input input) {
            String text = input.text();
            List<String> terms = TermCounter.terms(model.terms(), text);
            TermBag bag = bag(terms);
            if (bag.numbers().length == 0) {
                throw new EmbedlakeException(
                        ErrorKind.INVALID_INPUT,
                        "none of the " + terms.size() + " " + model.terms().plural()
                                + " of the text is in the model's vocabulary");
            }
            return bag;
        }

        @Override
        public List<float[]> embed(List<EncodedInput> batch) {
            return batch.stream().map(text -> vector((TermBag) text)).toList();
        }
    }
}
