package io.embedlake.ivf;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Vectors that many queries are compared with, each with a number that stands for its row. Immutable and thread-safe.
 *
 * <p>They lie in tiles that stay in the second cache, and in a tile dimension by dimension, so that the inner loop runs over rows: that is
 * a form which the JVM compiles to fused vector instructions, where the sum of one long product is not.
 */
public final class RowBlock implements Serializable {
    private static final long serialVersionUID = 1L;

    static final int TILE = 512;

    private final int dimension;
    private final long[] numbers;
    private final float[][][] tiles;

    private RowBlock(int dimension, long[] numbers, float[][][] tiles) {
        this.dimension = dimension;
        this.numbers = numbers;
        this.tiles = tiles;
    }

    /**
     * The rows of an array, numbered from 0.
     *
     * @param rows {@code [count][dimension]}, row after row
     */
    public static RowBlock of(int dimension, float[] rows) {
        Builder builder = new Builder(dimension);
        for (int from = 0; from < rows.length; from += dimension) {
            builder.add(Arrays.copyOfRange(rows, from, from + dimension), from / dimension);
        }
        return builder.build();
    }

    /** How many rows there are. */
    public int count() {
        return numbers.length;
    }

    /** The length of the vectors. */
    public int dimension() {
        return dimension;
    }

    /** {@code [tiles][dimension][rows of the tile]}. */
    float[][][] tiles() {
        return tiles;
    }

    /** The number of a row of a tile. */
    long number(int tile, int row) {
        return numbers[tile * TILE + row];
    }

    /** Takes rows one after the other, and needs little more memory than they do. Confined to one thread. */
    public static final class Builder {
        private static final int CHUNK = 64;

        private final int dimension;
        private final List<float[]> chunks = new ArrayList<>();
        private long[] numbers = new long[CHUNK];
        private int count;

        public Builder(int dimension) {
            this.dimension = dimension;
        }

        /** How many rows it has. */
        public int count() {
            return count;
        }

        /**
         * Adds a row.
         *
         * @param vector {@code [dimension]}; copied
         * @param number tells the row from others; of equally similar rows the one with the lowest comes first
         */
        public void add(float[] vector, long number) {
            if (vector.length != dimension) {
                throw new IllegalArgumentException(
                        "a vector of " + vector.length + " values among vectors of " + dimension);
            }
            if (count % CHUNK == 0) {
                chunks.add(new float[CHUNK * dimension]);
            }
            System.arraycopy(vector, 0, chunks.get(count / CHUNK), count % CHUNK * dimension, dimension);
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            numbers[count++] = number;
        }

        /** The block of all rows; the builder is empty then. */
        public RowBlock build() {
            float[][][] tiles = new float[(count + TILE - 1) / TILE][dimension][];
            for (int tile = 0; tile < tiles.length; tile++) {
                int first = tile * TILE;
                int width = Math.min(TILE, count - first);
                Arrays.setAll(tiles[tile], d -> new float[width]);
                for (int row = 0; row < width; row++) {
                    spread(chunks.get((first + row) / CHUNK), (first + row) % CHUNK * dimension, tiles[tile], row);
                }
            }
            RowBlock block = new RowBlock(dimension, Arrays.copyOf(numbers, count), tiles);
            chunks.clear();
            count = 0;
            return block;
        }

        private static void spread(float[] chunk, int from, float[][] columns, int row) {
            for (int d = 0; d < columns.length; d++) {
                columns[d][row] = chunk[from + d];
            }
        }
    }
}
