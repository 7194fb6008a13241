package io.embedlake.ivf;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cells put together into regions that one task can hold: cells of a region are near each other, so that what visits several cells often
 * finds them in one region. A cell that is too large for a region is divided among several. Immutable and thread-safe.
 */
public final class Regions implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int[] first;
    private final int[] parts;
    private final int count;

    private Regions(int[] first, int[] parts, int count) {
        this.first = first;
        this.parts = parts;
        this.count = count;
    }

    /**
     * Regions for known numbers of rows.
     *
     * @param rows how many rows each cell has
     * @param most how many rows a region should have at most
     */
    public static Regions of(Cells cells, long[] rows, long most) {
        return new Grouping(cells, rows, most).regions();
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    /** The first of the regions that hold a cell. */
    int first(int cell) {
        return first[cell];
    }

    /** How many regions hold a cell, one after the other. */
    int parts(int cell) {
        return parts[cell];
    }

    /** Halves sets of cells across their longest extent until they are small. */
    private static final class Grouping {
        private final int dimension;
        private final float[] centroids;
        private final long[] rows;
        private final long most;
        private final int[] first;
        private final int[] parts;
        private int count;

        Grouping(Cells cells, long[] rows, long most) {
            this.dimension = cells.dimension();
            this.centroids = cells.centroids();
            this.rows = rows;
            this.most = most;
            this.first = new int[cells.count()];
            this.parts = new int[cells.count()];
        }

        Regions regions() {
            List<int[]> open = new ArrayList<>();
            open.add(IntStream.range(0, first.length).toArray());
            while (!open.isEmpty()) {
                int[] cells = open.remove(open.size() - 1);
                if (cells.length == 1 || rows(cells) <= most) {
                    close(cells);
                } else {
                    open.addAll(halves(cells));
                }
            }
            return new Regions(first, parts, count);
        }

        private void close(int[] cells) {
            int needed = (int) Math.max(1, (rows(cells) + most - 1) / most);
            for (int cell : cells) {
                first[cell] = count;
                parts[cell] = needed;
            }
            count += needed;
        }

        private List<int[]> halves(int[] cells) {
            int one = farthest(cells, cells[0]);
            int other = farthest(cells, one);
            double[] place = new double[first.length];
            for (int cell : cells) {
                place[cell] = dot(cell, other) - dot(cell, one);
            }
            int[] ordered = Arrays.stream(cells)
                    .boxed()
                    .sorted(Comparator.<Integer>comparingDouble(cell -> place[cell])
                            .thenComparingInt(cell -> cell))
                    .mapToInt(Integer::intValue)
                    .toArray();
            long half = rows(cells) / 2;
            int cut = 1;
            for (long before = rows[ordered[0]]; cut < ordered.length - 1 && before < half; cut++) {
                before += rows[ordered[cut]];
            }
            return List.of(Arrays.copyOf(ordered, cut), Arrays.copyOfRange(ordered, cut, ordered.length));
        }

        private int farthest(int[] cells, int from) {
            return Arrays.stream(cells)
                    .boxed()
                    .min(Comparator.<Integer>comparingDouble(cell -> dot(cell, from))
                            .thenComparingInt(cell -> cell))
                    .orElseThrow();
        }

        private double dot(int a, int b) {
            double sum = 0;
            for (int i = 0; i < dimension; i++) {
                sum += (double) centroids[a * dimension + i] * centroids[b * dimension + i];
            }
            return sum;
        }

        private long rows(int[] cells) {
            return Arrays.stream(cells).mapToLong(cell -> rows[cell]).sum();
        }
    }
}
