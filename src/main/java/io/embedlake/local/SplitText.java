package io.embedlake.local;

import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Spans;
import java.util.List;
import java.util.Optional;

/**
 * A text in chunks that fit a transformer. Immutable.
 *
 * @param sequences the tokens of each chunk, in order, at least one
 * @param spans the positions of the chunks in the text, when each has its own vector; empty when the text has their mean
 */
record SplitText(List<TokenIds> sequences, Optional<Spans> spans) implements EncodedInput {
    SplitText {
        sequences = List.copyOf(sequences);
    }

    @Override
    public int chunks() {
        return sequences.size();
    }

    @Override
    public int tokens() {
        return sequences.stream().mapToInt(TokenIds::tokens).sum();
    }

    /** The text's values, given the vectors of its chunks. */
    float[] join(List<float[]> vectors, boolean unitLength) {
        if (vectors.size() == 1) {
            return vectors.get(0);
        }
        return spans.isPresent() ? side(vectors) : mean(vectors, unitLength);
    }

    private static float[] side(List<float[]> vectors) {
        int width = vectors.get(0).length;
        float[] all = new float[vectors.size() * width];
        for (int chunk = 0; chunk < vectors.size(); chunk++) {
            System.arraycopy(vectors.get(chunk), 0, all, chunk * width, width);
        }
        return all;
    }

    /** The mean of the chunks' vectors, each weighted by its tokens; of length 1 when they are. */
    private float[] mean(List<float[]> vectors, boolean unitLength) {
        double[] sum = new double[vectors.get(0).length];
        for (int chunk = 0; chunk < vectors.size(); chunk++) {
            float[] vector = vectors.get(chunk);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += (double) vector[i] * sequences.get(chunk).tokens();
            }
        }
        double squares = 0;
        for (double value : sum) {
            squares += value * value;
        }
        double scale = unitLength ? 1 / Math.max(Math.sqrt(squares), 1e-12) : 1.0 / tokens();
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sum[i] * scale);
        }
        return mean;
    }
}
