package io.embedlake.spark.neighbours;

import io.embedlake.ivf.BlockTopK;
import io.embedlake.ivf.RowBlock;
import io.embedlake.ivf.TopK;
import io.embedlake.spark.sql.UnitVectors;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The work of a task: holds its rows, which come first and in the order of their names, and compares the queries with them, block by block:
 * {@code query, neighbour, score}, the best {@code k} of each query. Immutable.
 *
 * @param k how many rows of each query are kept
 * @param least neighbours have at least this score
 * @param isSelfJoin whether a query's own row, the one of the same name, is left out
 * @param block how many queries are compared at once
 */
record CompareBlocks(int dimension, int k, float least, boolean isSelfJoin, int block)
        implements MapPartitionsFunction<Row, Row> {
    static final String NEIGHBOUR = "neighbour";
    static final String SCORE = "score";

    static StructType schema(DataType row, DataType query) {
        return new StructType().add(Route.QUERY, query).add(NEIGHBOUR, row).add(SCORE, DataTypes.FloatType, false);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> routed) {
        return new Iterator<>() {
            private Iterator<Row> answers;

            @Override
            public boolean hasNext() {
                if (answers == null) {
                    Held held = new Held(CompareBlocks.this, routed);
                    answers = held.first.isEmpty()
                            ? held.first.iterator()
                            : Blocks.map(held.queries(routed), block, held::compare);
                }
                return answers.hasNext();
            }

            @Override
            public Row next() {
                hasNext();
                return answers.next();
            }
        };
    }

    /** The rows of a task. Confined to its thread. */
    private static final class Held {
        private final CompareBlocks task;
        private final BlockTopK comparison;
        private final List<Object> names = new ArrayList<>();
        private final SortedMap<Integer, RowBlock> cells = new TreeMap<>();

        /** The first query, which tells that all rows have come; empty when there is none. */
        private final List<Row> first = new ArrayList<>();

        Held(CompareBlocks task, Iterator<Row> routed) {
            this.task = task;
            this.comparison = new BlockTopK(task.dimension);
            SortedMap<Integer, RowBlock.Builder> open = new TreeMap<>();
            float[] unit = new float[task.dimension];
            while (first.isEmpty() && routed.hasNext()) {
                Row row = routed.next();
                if (row.isNullAt(1)) {
                    first.add(row);
                } else {
                    UnitVectors.read(row.getAs(3), unit, 0);
                    open.computeIfAbsent(Route.cells(row)[0], cell -> new RowBlock.Builder(task.dimension))
                            .add(unit, names.size());
                    names.add(row.get(1));
                }
            }
            // A builder is empty when its block is made, so that the rows are in memory once.
            open.forEach((cell, builder) -> cells.put(cell, builder.build()));
        }

        Iterator<Row> queries(Iterator<Row> others) {
            Iterator<Row> one = first.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return one.hasNext() || others.hasNext();
                }

                @Override
                public Row next() {
                    return one.hasNext() ? one.next() : others.next();
                }
            };
        }

        List<Row> compare(List<Row> queries) {
            TopK[] best = Blocks.best(queries.size(), task.k, task.least);
            visitors(queries).forEach((cell, places) -> {
                RowBlock rows = cells.get(cell);
                if (rows != null) {
                    List<Row> visiting = places.stream().map(queries::get).toList();
                    comparison.offer(
                            Blocks.units(visiting, 3, task.dimension),
                            places.size(),
                            rows,
                            places.stream().map(place -> best[place]).toArray(TopK[]::new));
                }
            });
            List<Row> answers = new ArrayList<>();
            for (int i = 0; i < best.length; i++) {
                add(queries.get(i).get(2), best[i], answers);
            }
            return answers;
        }

        private static SortedMap<Integer, List<Integer>> visitors(List<Row> queries) {
            SortedMap<Integer, List<Integer>> visitors = new TreeMap<>();
            for (int i = 0; i < queries.size(); i++) {
                for (int cell : Route.cells(queries.get(i))) {
                    visitors.computeIfAbsent(cell, none -> new ArrayList<>()).add(i);
                }
            }
            return visitors;
        }

        private void add(Object query, TopK best, List<Row> answers) {
            for (int place = 0; place < best.size(); place++) {
                Object name = names.get((int) best.number(place));
                if (!task.isSelfJoin || !name.equals(query)) {
                    answers.add(RowFactory.create(query, name, best.score(place)));
                }
            }
        }
    }
}
