package io.embedlake.ivf;

import io.embedlake.reduce.Processors;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Spherical k-means in rounds (Lloyd; Dhillon and Modha 2001). Rows are compared on all processors and summed in their order, so that the
 * result does not depend on the number of threads. Confined to one thread.
 */
final class Clusters {
    /** A row is as near as it gets. */
    private static final float SAME = 1 - 1e-6f;

    private static final int BLOCK = 1024;

    private final float[] units;
    private final int dimension;
    private final int rows;
    private final int[] cells;
    private final float[] cosines;
    private float[] centroids;

    /**
     * Clusters with given centroids.
     *
     * @param units {@code [rows][dimension]} of length 1, row after row
     */
    Clusters(float[] units, int rows, int dimension, float[] centroids) {
        this.units = units;
        this.dimension = dimension;
        this.rows = rows;
        this.cells = new int[rows];
        this.cosines = new float[rows];
        this.centroids = centroids;
    }

    /** Clusters around rows drawn at random. */
    static Clusters drawn(float[] units, int rows, int dimension, int count, long seed) {
        int[] order = IntStream.range(0, rows).toArray();
        SplittableRandom random = new SplittableRandom(seed);
        float[] centroids = new float[Math.min(count, rows) * dimension];
        for (int i = 0; i * dimension < centroids.length; i++) {
            int other = random.nextInt(i, rows);
            int row = order[other];
            order[other] = order[i];
            System.arraycopy(units, row * dimension, centroids, i * dimension, dimension);
        }
        return new Clusters(units, rows, dimension, centroids);
    }

    int count() {
        return centroids.length / dimension;
    }

    /** {@code [rows]}: the cell of each row, as of the last {@link #assign}. */
    int[] cells() {
        return cells;
    }

    float[] centroids() {
        return centroids;
    }

    /** Rounds of assignment and new centroids, and an assignment at the end; cells that no row is nearest to are gone then. */
    Clusters improve(int rounds) {
        assign();
        for (int round = 0; round < rounds; round++) {
            moveEmpty();
            move();
            assign();
        }
        removeEmpty();
        return this;
    }

    /** Puts each row into the nearest cell. */
    void assign() {
        Cells nearest = new Cells(dimension, centroids);
        Processors.run(() -> IntStream.range(0, (rows + BLOCK - 1) / BLOCK)
                .parallel()
                .forEach(block ->
                        nearest.nearest(units, block * BLOCK, Math.min(rows, (block + 1) * BLOCK), cells, cosines)));
    }

    /** How many rows each cell has. */
    int[] sizes() {
        int[] sizes = new int[count()];
        for (int cell : cells) {
            sizes[cell]++;
        }
        return sizes;
    }

    /** Each centroid becomes the direction of the sum of its rows; one whose rows cancel out stays. */
    private void move() {
        double[] sums = new double[centroids.length];
        for (int row = 0; row < rows; row++) {
            int to = cells[row] * dimension;
            int from = row * dimension;
            for (int d = 0; d < dimension; d++) {
                sums[to + d] += units[from + d];
            }
        }
        float[] moved = new float[centroids.length];
        for (int from = 0; from < moved.length; from += dimension) {
            for (int d = from; d < from + dimension; d++) {
                moved[d] = (float) sums[d];
            }
            if (!Directions.normalize(moved, from, from + dimension)) {
                System.arraycopy(centroids, from, moved, from, dimension);
            }
        }
        centroids = moved;
    }

    /** Cells without rows go to the rows that are farthest from their centroids, and take these. */
    private void moveEmpty() {
        int[] sizes = sizes();
        int[] empty = IntStream.range(0, sizes.length)
                .filter(cell -> sizes[cell] == 0)
                .toArray();
        if (empty.length == 0) {
            return;
        }
        int[] farthest = IntStream.range(0, rows)
                .filter(row -> cosines[row] < SAME)
                .boxed()
                .sorted((a, b) -> Float.compare(cosines[a], cosines[b]))
                .limit(empty.length)
                .mapToInt(Integer::intValue)
                .toArray();
        for (int i = 0; i < farthest.length; i++) {
            cells[farthest[i]] = empty[i];
        }
    }

    void removeEmpty() {
        int[] sizes = sizes();
        int[] place = new int[sizes.length];
        int kept = 0;
        float[] left = new float[centroids.length];
        for (int cell = 0; cell < sizes.length; cell++) {
            if (sizes[cell] > 0) {
                System.arraycopy(centroids, cell * dimension, left, kept * dimension, dimension);
                place[cell] = kept++;
            }
        }
        centroids = Arrays.copyOf(left, kept * dimension);
        Arrays.setAll(cells, row -> place[cells[row]]);
    }
}
