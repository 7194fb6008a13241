package io.embedlake.ivf;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The cells of an inverted file: a vector is in the cell whose centroid points most as it does. Vectors and centroids have length 1
 * ({@link Directions}), so that the dot product is the cosine. Immutable and thread-safe.
 */
public final class Cells implements Serializable {
    /** The cell of what is in none. */
    public static final int NONE = -1;

    private static final long serialVersionUID = 1L;

    /** So many rows are compared with one panel of centroids before the next panel comes into the cache. */
    private static final int BLOCK = 64;

    private final int dimension;
    private final float[] centroids;

    @SuppressWarnings("serial")
    private transient volatile Panels panels;

    /**
     * Copies its argument.
     *
     * @param centroids {@code [count][dimension]}, row after row, of length 1; at least one
     */
    public Cells(int dimension, float[] centroids) {
        if (dimension < 1 || centroids.length == 0 || centroids.length % dimension != 0) {
            throw new IllegalArgumentException(centroids.length + " values are no centroids of " + dimension);
        }
        this.dimension = dimension;
        this.centroids = centroids.clone();
    }

    /** How many cells there are. */
    public int count() {
        return centroids.length / dimension;
    }

    /** The length of the vectors. */
    public int dimension() {
        return dimension;
    }

    /** {@code [count][dimension]}, row after row, a copy. */
    public float[] centroids() {
        return centroids.clone();
    }

    /** The cosines to all centroids: {@code [count]}. */
    public float[] cosines(float[] unit) {
        require(unit.length);
        return panels().products(unit);
    }

    /** The nearest cell; of equally near ones the first. */
    public int nearest(float[] unit) {
        require(unit.length);
        int[] cell = new int[1];
        nearest(unit, 0, 1, cell, new float[1]);
        return cell[0];
    }

    /** The {@code n} nearest cells, or all where there are fewer: the best first, equally near ones in their order. */
    public int[] nearest(float[] unit, int n) {
        float[] cosines = cosines(unit);
        long[] ranked = new long[cosines.length];
        for (int cell = 0; cell < ranked.length; cell++) {
            ranked[cell] = (long) ~sortable(cosines[cell]) << Integer.SIZE | cell;
        }
        Arrays.sort(ranked);
        return Arrays.stream(ranked)
                .limit(Math.max(0, n))
                .mapToInt(rank -> (int) rank)
                .toArray();
    }

    /**
     * The nearest cells of many vectors.
     *
     * @param units {@code [rows][dimension]}, row after row
     * @param from the first row
     * @param to the row after the last
     * @param cells gets the cell of each row, at the row's number
     * @param cosines gets the cosine to its centroid
     */
    public void nearest(float[] units, int from, int to, int[] cells, float[] cosines) {
        Panels all = panels();
        for (int start = from; start < to; start += BLOCK) {
            int end = Math.min(to, start + BLOCK);
            Arrays.fill(cosines, start, end, Float.NEGATIVE_INFINITY);
            for (int panel = 0; panel < all.panels(); panel++) {
                for (int row = start; row < end; row++) {
                    float[] unit = Arrays.copyOfRange(units, row * dimension, (row + 1) * dimension);
                    best(all.products(panel, unit), panel * Panels.WIDTH, row, cells, cosines);
                }
            }
        }
    }

    private static void best(float[] products, int first, int row, int[] cells, float[] cosines) {
        float best = cosines[row];
        for (float product : products) {
            best = Math.max(best, product);
        }
        if (best > cosines[row]) {
            cosines[row] = best;
            int i = 0;
            while (products[i] != best) {
                i++;
            }
            cells[row] = first + i;
        }
    }

    private Panels panels() {
        Panels made = panels;
        if (made == null) {
            made = new Panels(dimension, centroids);
            panels = made;
        }
        return made;
    }

    /** Floats as integers of the same order. */
    private static int sortable(float value) {
        int bits = Float.floatToIntBits(value);
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }

    private void require(int length) {
        if (length != dimension) {
            throw new IllegalArgumentException("a vector of " + length + " values among cells of " + dimension);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cells cells
                && dimension == cells.dimension
                && Arrays.equals(centroids, cells.centroids);
    }

    @Override
    public int hashCode() {
        return 31 * dimension + Arrays.hashCode(centroids);
    }
}
