package io.embedlake.spark.neighbours;

import io.embedlake.ivf.BlockTopK;
import io.embedlake.ivf.RowBlock;
import io.embedlake.ivf.TopK;
import io.embedlake.spark.sql.UnitVectors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/** Rows of a partition, some at a time. Stateless. */
final class Blocks {
    private Blocks() {}

    /**
     * What is made of the rows, block by block as it is asked for.
     *
     * @param size the most rows of a block
     */
    static Iterator<Row> map(Iterator<Row> rows, int size, Function<List<Row>, List<Row>> work) {
        return new Iterator<>() {
            private final Queue<Row> made = new ArrayDeque<>();

            @Override
            public boolean hasNext() {
                while (made.isEmpty() && rows.hasNext()) {
                    made.addAll(work.apply(Blocks.next(rows, size)));
                }
                return !made.isEmpty();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return made.remove();
            }
        };
    }

    /** The next rows. */
    static List<Row> next(Iterator<Row> rows, int size) {
        List<Row> block = new ArrayList<>();
        while (block.size() < size && rows.hasNext()) {
            block.add(rows.next());
        }
        return block;
    }

    /**
     * The vectors of rows, {@code [rows][dimension]}.
     *
     * @param column where they are
     */
    static float[] units(List<Row> rows, int column, int dimension) {
        float[] units = new float[rows.size() * dimension];
        for (int i = 0; i < rows.size(); i++) {
            UnitVectors.read(rows.get(i).getAs(column), units, i * dimension);
        }
        return units;
    }

    /** The best of so many queries, none yet. */
    static TopK[] best(int queries, int k, float least) {
        TopK[] best = new TopK[queries];
        Arrays.setAll(best, query -> new TopK(k, least));
        return best;
    }

    /** The nearest cells of vectors, the best first: {@code [queries][n]}. */
    static int[][] nearest(float[] units, int queries, RowBlock centroids, int n) {
        TopK[] best = best(queries, n, Float.NEGATIVE_INFINITY);
        new BlockTopK(centroids.dimension()).offer(units, queries, centroids, best);
        int[][] cells = new int[queries][];
        Arrays.setAll(cells, query -> {
            int[] own = new int[best[query].size()];
            Arrays.setAll(own, place -> (int) best[query].number(place));
            return own;
        });
        return cells;
    }
}
