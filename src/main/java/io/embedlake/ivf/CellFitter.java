package io.embedlake.ivf;

import io.embedlake.reduce.Processors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Fits cells of similar size to a sample of vectors: k-means in two levels, then over all cells, and too large cells are halved. The same
 * cells for the same sample on every machine, whatever the number of threads. Stateless.
 *
 * <p>Two levels make the first rounds cheap: for each vector the square root of the number of cells is compared. Memory: the sample, its
 * copy in parts, and the centroids three times.
 */
public final class CellFitter {
    /** No cell has more than this multiple of the mean number of vectors, unless its vectors are all the same. */
    public static final int MOST_OF_MEAN = 4;

    private static final long SEED = 1982;
    private static final int ROUNDS = 8;
    private static final int LAST_ROUNDS = 2;
    private static final int HALVINGS = 8;

    /** From here on in two levels. */
    private static final int MANY = 64;

    private CellFitter() {}

    /**
     * Fits cells.
     *
     * @param vectors {@code [rows][dimension]}, row after row; overwritten. Those that are zero, infinite or not a number are left out
     * @param count how many cells are wanted: fewer are made of fewer distinct vectors, and some more where large cells are halved
     * @throws IllegalArgumentException when no vector has a direction
     */
    public static Cells fit(float[] vectors, int dimension, int count) {
        int rows = normalized(vectors, dimension);
        if (rows == 0 || count < 1) {
            throw new IllegalArgumentException(count + " cells of " + rows + " vectors with a direction");
        }
        float[] first = count <= MANY
                ? Clusters.drawn(vectors, rows, dimension, count, SEED)
                        .improve(ROUNDS)
                        .centroids()
                : ofGroups(vectors, rows, dimension, count);
        Clusters all = new Clusters(vectors, rows, dimension, first).improve(LAST_ROUNDS);
        return new Cells(dimension, balanced(all, vectors, rows, dimension));
    }

    /** Brings vectors to length 1 and those that have none to the end; returns how many have one. */
    private static int normalized(float[] vectors, int dimension) {
        int kept = 0;
        for (int from = 0; from + dimension <= vectors.length; from += dimension) {
            if (Directions.normalize(vectors, from, from + dimension)) {
                System.arraycopy(vectors, from, vectors, kept * dimension, dimension);
                kept++;
            }
        }
        return kept;
    }

    private static float[] ofGroups(float[] units, int rows, int dimension, int count) {
        Clusters groups = Clusters.drawn(units, rows, dimension, (int) Math.ceil(Math.sqrt(count)), SEED)
                .improve(ROUNDS);
        List<int[]> members = members(groups);
        return Processors.use(() -> joined(IntStream.range(0, members.size())
                .parallel()
                .mapToObj(group -> {
                    int[] own = members.get(group);
                    int share = (int) Math.max(1, Math.round((double) count * own.length / rows));
                    return Clusters.drawn(part(units, dimension, own), own.length, dimension, share, SEED + group)
                            .improve(ROUNDS)
                            .centroids();
                })
                .toList()));
    }

    private static float[] balanced(Clusters fitted, float[] units, int rows, int dimension) {
        Clusters clusters = fitted;
        for (int halving = 0; halving < HALVINGS; halving++) {
            int most = Math.max(2, MOST_OF_MEAN * rows / clusters.count());
            int[] sizes = clusters.sizes();
            if (Arrays.stream(sizes).noneMatch(size -> size > most)) {
                break;
            }
            List<int[]> members = members(clusters);
            List<float[]> parts = new ArrayList<>();
            for (int cell = 0; cell < sizes.length; cell++) {
                parts.add(
                        sizes[cell] > most
                                ? halves(part(units, dimension, members.get(cell)), sizes[cell], dimension)
                                : Arrays.copyOfRange(clusters.centroids(), cell * dimension, (cell + 1) * dimension));
            }
            if (parts.stream().allMatch(part -> part.length == dimension)) {
                break;
            }
            clusters = new Clusters(units, rows, dimension, joined(parts));
            clusters.assign();
            clusters.removeEmpty();
        }
        return clusters.centroids();
    }

    private static float[] halves(float[] units, int rows, int dimension) {
        return Clusters.drawn(units, rows, dimension, 2, SEED).improve(ROUNDS).centroids();
    }

    private static List<int[]> members(Clusters clusters) {
        int[] sizes = clusters.sizes();
        List<int[]> members = new ArrayList<>();
        for (int size : sizes) {
            members.add(new int[size]);
        }
        int[] filled = new int[sizes.length];
        int[] cells = clusters.cells();
        for (int row = 0; row < cells.length; row++) {
            members.get(cells[row])[filled[cells[row]]++] = row;
        }
        return members;
    }

    private static float[] part(float[] units, int dimension, int[] rows) {
        float[] part = new float[rows.length * dimension];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(units, rows[i] * dimension, part, i * dimension, dimension);
        }
        return part;
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
