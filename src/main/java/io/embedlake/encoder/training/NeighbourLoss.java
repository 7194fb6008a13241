package io.embedlake.encoder.training;

import ai.djl.ndarray.NDArray;

/**
 * How far short vectors are from having the neighbours of the long ones. Stateless.
 *
 * <p>For each row of a batch the others share its attention by the softmax of their cosines over {@value #TEMPERATURE}; the loss is
 * the mean Kullback-Leibler divergence between the shares of the long and those of the short vectors (Hinton and Roweis, Stochastic
 * Neighbor Embedding, 2002, with cosines instead of distances).
 */
final class NeighbourLoss {
    private static final float TEMPERATURE = 0.05f;
    /** Added to a row's cosine with itself: far too little for a share. */
    private static final float NOT_ITSELF = -1e4f;

    private static final float TINY = 1e-12f;

    private NeighbourLoss() {}

    /**
     * The loss of a batch.
     *
     * @param full {@code [rows, values]}
     * @param vectors {@code [rows, dimensions]}
     * @return one number
     */
    static NDArray of(NDArray full, NDArray vectors) {
        int rows = (int) full.getShape().get(0);
        NDArray diagonal = full.getManager().eye(rows).mul(NOT_ITSELF);
        NDArray wanted = logShares(full, diagonal);
        NDArray found = logShares(vectors, diagonal);
        return wanted.exp().mul(wanted.sub(found)).sum().div(rows);
    }

    private static NDArray logShares(NDArray rows, NDArray diagonal) {
        NDArray lengths = rows.square().sum(new int[] {1}, true).add(TINY).sqrt();
        NDArray unit = rows.div(lengths);
        return unit.matMul(unit.transpose()).div(TEMPERATURE).add(diagonal).logSoftmax(1);
    }
}
