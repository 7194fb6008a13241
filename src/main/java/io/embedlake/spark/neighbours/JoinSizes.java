package io.embedlake.spark.neighbours;

/**
 * Bounds of what a join keeps in memory. Immutable.
 *
 * @param cellsOfRoot how many cells there are for each square root of the number of rows
 * @param leastForCells with fewer rows all are compared with all
 * @param sampleBytes how much of the rows the driver keeps to fit cells
 * @param measured how many queries the recall is measured with
 * @param taskBytes how much of the rows a task keeps
 * @param block how many queries a task compares at once
 */
record JoinSizes(double cellsOfRoot, long leastForCells, long sampleBytes, int measured, long taskBytes, int block) {
    static final JoinSizes DEFAULTS = new JoinSizes(1, 10_000, 128L << 20, 512, 64L << 20, 1024);

    /** So many rows of the sample a cell. */
    private static final int ROWS_OF_CELL = 64;

    private static final int LEAST_OF_CELL = 24;

    /** So many neighbours are kept at once: 12 bytes each. */
    private static final int MOST_MEASURED = 1 << 20;

    private static final int MOST_KEPT = 4 << 20;

    int cells(long rows, int dimension) {
        return (int) Math.max(1, Math.min(cellsOfRoot * Math.sqrt(rows), sampled(rows, dimension) / LEAST_OF_CELL));
    }

    /** How many rows are drawn to fit cells. */
    long sample(long rows, int dimension) {
        return Math.min(sampled(rows, dimension), (long) cells(rows, dimension) * ROWS_OF_CELL);
    }

    private long sampled(long rows, int dimension) {
        return Math.min(rows, sampleBytes / Float.BYTES / dimension);
    }

    /**
     * How many queries the recall is measured with.
     *
     * @param k how many neighbours of each are looked for
     */
    int measured(int k) {
        return Math.max(1, Math.min(measured, MOST_MEASURED / k));
    }

    /**
     * How many queries a task compares at once.
     *
     * @param k how many neighbours of each are kept
     */
    int block(int k) {
        return Math.max(1, Math.min(block, MOST_KEPT / k));
    }

    /** How many rows a task holds. */
    long rowsOfTask(int dimension) {
        return Math.max(1, taskBytes / Float.BYTES / dimension);
    }
}
