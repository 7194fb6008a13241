package io.embedlake.local.training;

/**
 * How far short vectors are from having the neighbours of the long ones. Immutable by convention.
 *
 * <p>For each row of a batch the others share its attention by the softmax of their cosines over {@value #TEMPERATURE}; the loss is the
 * mean Kullback-Leibler divergence between the shares of the long and those of the short vectors (Hinton and Roweis, Stochastic Neighbor
 * Embedding, 2002, with cosines instead of distances).
 *
 * @param value the loss
 * @param slopes {@code [rows][dimensions]}: how it changes with the short vectors
 */
record NeighbourLoss(double value, float[][] slopes) {
    private static final float TEMPERATURE = 0.05f;
    /** A row's similarity to itself: far too little for a share. */
    private static final float NOT_ITSELF = -1e4f;

    private static final float TINY = 1e-12f;
    /** About as many multiplications as a share takes. */
    private static final int WORK = 64;

    /**
     * The loss of a batch.
     *
     * @param full {@code [rows][values]}; not changed
     * @param vectors {@code [rows][dimensions]}; not changed
     */
    static NeighbourLoss of(float[][] full, float[][] vectors) {
        int rows = full.length;
        float[][] wanted = Products.ofPairs(Units.of(full).rows());
        Units units = Units.of(vectors);
        float[][] found = Products.ofPairs(units.rows());
        double[] losses = new double[rows];
        Products.each(rows, (long) WORK * rows, row -> losses[row] = ofRow(row, wanted[row], found[row]));
        double sum = 0;
        for (double loss : losses) {
            sum += loss;
        }
        return new NeighbourLoss(sum / rows, units.slopes(bothWays(found)));
    }

    /**
     * The loss of a row.
     *
     * @param wanted the cosines of the long vectors; overwritten
     * @param found those of the short ones; overwritten by how the batch's loss changes with them
     */
    private static double ofRow(int self, float[] wanted, float[] found) {
        Shares ofWanted = Shares.of(self, wanted);
        Shares ofFound = Shares.of(self, found);
        double loss = ofFound.logOfSum() - ofWanted.logOfSum();
        float[] p = ofWanted.shares();
        float[] q = ofFound.shares();
        float scale = 1 / (TEMPERATURE * wanted.length);
        for (int j = 0; j < p.length; j++) {
            loss += (double) p[j] * (wanted[j] - found[j]);
            found[j] = (q[j] - p[j]) * scale;
        }
        return loss;
    }

    /** The softmax of what is overwritten by the cosines over the temperature, and the logarithm of its denominator. */
    private record Shares(float[] shares, double logOfSum) {
        static Shares of(int self, float[] cosines) {
            float most = NOT_ITSELF;
            for (int j = 0; j < cosines.length; j++) {
                cosines[j] = j == self ? NOT_ITSELF : cosines[j] / TEMPERATURE;
                most = Math.max(most, cosines[j]);
            }
            float[] shares = new float[cosines.length];
            double sum = 0;
            for (int j = 0; j < shares.length; j++) {
                shares[j] = Exponential.of(cosines[j] - most);
                sum += shares[j];
            }
            float share = (float) (1 / sum);
            for (int j = 0; j < shares.length; j++) {
                shares[j] *= share;
            }
            return new Shares(shares, most + StrictMath.log(sum));
        }
    }

    /** A cosine counts for both of its rows. */
    private static float[][] bothWays(float[][] slopes) {
        float[][] sums = Products.transposed(slopes);
        for (int row = 0; row < sums.length; row++) {
            for (int j = 0; j < sums.length; j++) {
                sums[row][j] += slopes[row][j];
            }
        }
        return sums;
    }

    /** Rows of length 1, and the lengths that they had. */
    private record Units(float[][] rows, float[] lengths) {
        static Units of(float[][] vectors) {
            float[][] rows = new float[vectors.length][];
            float[] lengths = new float[vectors.length];
            Products.each(vectors.length, 2L * vectors[0].length, row -> {
                float[] unit = vectors[row].clone();
                double squares = TINY;
                for (float value : unit) {
                    squares += (double) value * value;
                }
                lengths[row] = (float) Math.sqrt(squares);
                for (int i = 0; i < unit.length; i++) {
                    unit[i] /= lengths[row];
                }
                rows[row] = unit;
            });
            return new Units(rows, lengths);
        }

        /** How a loss changes with the vectors, by how it changes with each cosine on either side of the diagonal. */
        float[][] slopes(float[][] ofCosines) {
            float[][] slopes = Products.of(ofCosines, rows);
            Products.each(rows.length, 2L * rows[0].length, row -> {
                float[] unit = rows[row];
                float[] slope = slopes[row];
                double along = 0;
                for (int i = 0; i < unit.length; i++) {
                    along += (double) slope[i] * unit[i];
                }
                for (int i = 0; i < unit.length; i++) {
                    slope[i] = (slope[i] - (float) along * unit[i]) / lengths[row];
                }
            });
            return slopes;
        }
    }
}
