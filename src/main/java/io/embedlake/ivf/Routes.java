package io.embedlake.ivf;

import java.io.Serializable;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * Which tasks compare which rows with which queries: a row goes to the region of its cell, a query to the regions of the cells that it
 * visits. A region with much work has several tasks: each holds all its rows and gets a share of its queries. Immutable and thread-safe.
 */
public final class Routes implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A share of fewer queries would cost more in rows than it saves in time. */
    private static final int LEAST_QUERIES = 512;

    private final Regions regions;
    private final int[] firstTask;

    private Routes(Regions regions, int[] firstTask) {
        this.regions = regions;
        this.firstTask = firstTask;
    }

    /**
     * Routes for known work.
     *
     * @param rows how many rows each cell has
     * @param visits how many queries visit each cell, about
     * @param wanted how many tasks there should be, at least; with less work there are fewer
     */
    public static Routes of(Regions regions, long[] rows, double[] visits, int wanted) {
        double[] work = new double[regions.count()];
        double[] queries = new double[regions.count()];
        for (int cell = 0; cell < rows.length; cell++) {
            for (int part = 0; part < regions.parts(cell); part++) {
                int region = regions.first(cell) + part;
                work[region] += visits[cell] * rows[cell] / regions.parts(cell);
                queries[region] = Math.max(queries[region], visits[cell]);
            }
        }
        double share = Arrays.stream(work).sum() / Math.max(wanted, regions.count());
        int[] firstTask = new int[regions.count() + 1];
        for (int region = 0; region < regions.count(); region++) {
            double copies = share > 0 ? Math.min(work[region] / share, queries[region] / LEAST_QUERIES) : 1;
            firstTask[region + 1] = firstTask[region] + (int) Math.max(1, Math.round(copies));
        }
        return new Routes(regions, firstTask);
    }

    /** How many tasks there are. */
    public int tasks() {
        return firstTask[regions.count()];
    }

    /**
     * The tasks that get a row.
     *
     * @param hash of the row's name, which decides where it goes if its cell is in several regions
     */
    public void ofRow(int cell, long hash, IntConsumer task) {
        int region = regions.first(cell) + Math.floorMod(mixed(hash), regions.parts(cell));
        for (int i = firstTask[region]; i < firstTask[region + 1]; i++) {
            task.accept(i);
        }
    }

    /**
     * The tasks that get a query, each with the cells that the query visits there.
     *
     * @param hash of the query's name, which decides where it goes if a region has several tasks
     */
    public SortedMap<Integer, int[]> ofQuery(int[] cells, long hash) {
        SortedMap<Integer, int[]> tasks = new TreeMap<>();
        for (int cell : cells) {
            for (int part = 0; part < regions.parts(cell); part++) {
                int region = regions.first(cell) + part;
                int copies = firstTask[region + 1] - firstTask[region];
                tasks.merge(firstTask[region] + Math.floorMod(mixed(hash), copies), new int[] {cell}, Routes::appended);
            }
        }
        return tasks;
    }

    private static int[] appended(int[] cells, int[] more) {
        int[] all = Arrays.copyOf(cells, cells.length + more.length);
        System.arraycopy(more, 0, all, cells.length, more.length);
        return all;
    }

    private static int mixed(long hash) {
        return (int) (hash * 0x9E3779B97F4A7C15L >>> Integer.SIZE);
    }
}
