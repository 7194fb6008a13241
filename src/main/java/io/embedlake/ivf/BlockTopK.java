package io.embedlake.ivf;

import java.util.Arrays;

/**
 * Compares blocks of queries with blocks of rows, and keeps the best of each query. Confined to one thread.
 *
 * <p>A score is one sum in the order of the dimensions, whatever the processor and wherever in a block the two vectors are; it is the same
 * with query and row exchanged.
 */
public final class BlockTopK {
    /** So many queries share what is read of a tile; with more the compiler leaves the processor's vectors unused. */
    private static final int QUERIES = 4;

    private final int dimension;
    private final float[][] sums = new float[QUERIES][];

    /** For vectors of this length. */
    public BlockTopK(int dimension) {
        this.dimension = dimension;
    }

    /**
     * Offers all rows to all queries.
     *
     * @param queries {@code [count][dimension]} or more, of length 1, one after the other
     * @param count how many queries there are
     * @param rows of length 1; scores are cosines, from -1 to 1
     * @param best {@code [count]}: the best of each query so far
     */
    public void offer(float[] queries, int count, RowBlock rows, TopK[] best) {
        if (rows.dimension() != dimension) {
            throw new IllegalArgumentException("rows of " + rows.dimension() + " values for queries of " + dimension);
        }
        for (int tile = 0; tile < rows.tiles().length; tile++) {
            float[][] columns = rows.tiles()[tile];
            Arrays.setAll(sums, query -> new float[columns[0].length]);
            for (int first = 0; first < count; first += QUERIES) {
                compare(columns, queries, first, count - 1);
                int end = Math.min(count, first + QUERIES);
                for (int query = first; query < end; query++) {
                    offer(sums[query - first], rows, tile, best[query]);
                }
            }
        }
    }

    /** Leaves the scores of four queries, the last again where there are fewer. */
    private void compare(float[][] columns, float[] queries, int first, int last) {
        for (float[] sum : sums) {
            Arrays.fill(sum, 0);
        }
        int a = first * dimension;
        int b = Math.min(last, first + 1) * dimension;
        int c = Math.min(last, first + 2) * dimension;
        int d = Math.min(last, first + 3) * dimension;
        int i = 0;
        for (; i + 1 < dimension; i += 2) {
            addTwo(columns[i], columns[i + 1], queries, a + i, b + i, c + i, d + i, sums);
        }
        if (i < dimension) {
            addOne(columns[i], queries, a + i, b + i, c + i, d + i, sums);
        }
    }

    private static void addTwo(
            float[] one, float[] other, float[] queries, int a, int b, int c, int d, float[][] sums) {
        float a0 = queries[a];
        float a1 = queries[a + 1];
        float b0 = queries[b];
        float b1 = queries[b + 1];
        float c0 = queries[c];
        float c1 = queries[c + 1];
        float d0 = queries[d];
        float d1 = queries[d + 1];
        float[] ofA = sums[0];
        float[] ofB = sums[1];
        float[] ofC = sums[2];
        float[] ofD = sums[3];
        for (int i = 0; i < one.length; i++) {
            float x = one[i];
            float y = other[i];
            ofA[i] = Math.fma(a1, y, Math.fma(a0, x, ofA[i]));
            ofB[i] = Math.fma(b1, y, Math.fma(b0, x, ofB[i]));
            ofC[i] = Math.fma(c1, y, Math.fma(c0, x, ofC[i]));
            ofD[i] = Math.fma(d1, y, Math.fma(d0, x, ofD[i]));
        }
    }

    private static void addOne(float[] column, float[] queries, int a, int b, int c, int d, float[][] sums) {
        for (int i = 0; i < column.length; i++) {
            sums[0][i] = Math.fma(queries[a], column[i], sums[0][i]);
            sums[1][i] = Math.fma(queries[b], column[i], sums[1][i]);
            sums[2][i] = Math.fma(queries[c], column[i], sums[2][i]);
            sums[3][i] = Math.fma(queries[d], column[i], sums[3][i]);
        }
    }

    private static void offer(float[] scores, RowBlock rows, int tile, TopK best) {
        float threshold = best.threshold();
        for (int i = 0; i < scores.length; i++) {
            // Rounding may bring a score past 1, which would rank equal vectors.
            if (scores[i] >= threshold) {
                best.offer(Math.max(-1, Math.min(1, scores[i])), rows.number(tile, i));
                threshold = best.threshold();
            }
        }
    }
}
