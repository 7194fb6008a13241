package io.embedlake.encoder;

import io.embedlake.embed.EncodedText;
import java.util.List;

/**
 * A long text in pieces that a transformer can read. Immutable.
 *
 * @param pieces at least two, in order
 */
record SplitText(List<TokenIds> pieces) implements EncodedText {
    SplitText {
        pieces = List.copyOf(pieces);
    }

    @Override
    public int tokens() {
        return pieces.stream().mapToInt(TokenIds::tokens).sum();
    }

    @Override
    public boolean truncated() {
        return false;
    }

    /** The mean of the pieces' vectors, each weighted by its tokens; of length 1 when they are. */
    float[] mean(List<float[]> vectors, boolean unitLength) {
        double[] sum = new double[vectors.get(0).length];
        for (int piece = 0; piece < vectors.size(); piece++) {
            float[] vector = vectors.get(piece);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += (double) vector[i] * pieces.get(piece).tokens();
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
