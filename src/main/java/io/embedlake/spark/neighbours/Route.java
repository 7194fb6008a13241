package io.embedlake.spark.neighbours;

import io.embedlake.ivf.Routes;
import io.embedlake.ivf.RowBlock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows and queries on the way to the tasks that compare them: {@code task, row, query, unit, cells}. The name of a row is in {@code row}, that
 * of a query in {@code query}, and the other is null. Stateless.
 */
final class Route {
    static final String TASK = "task";
    static final String ROW = "row";
    static final String QUERY = "query";

    private Route() {}

    static StructType schema(DataType row, DataType query) {
        return new StructType()
                .add(TASK, DataTypes.IntegerType, false)
                .add(ROW, row)
                .add(QUERY, query)
                .add(OpenSide.UNIT, DataTypes.BinaryType)
                .add("cells", DataTypes.BinaryType);
    }

    /** Sends rows, {@code id, hash, unit, cell}, to the tasks of their cells. Immutable. */
    record OfRows(Broadcast<Routes> routes) implements MapPartitionsFunction<Row, Row> {
        @Override
        public Iterator<Row> call(Iterator<Row> rows) {
            return Blocks.map(rows, 1, block -> routed(block.get(0)));
        }

        private List<Row> routed(Row row) {
            List<Row> routed = new ArrayList<>();
            int cell = row.getInt(3);
            byte[] cells = bytes(cell);
            routes.value()
                    .ofRow(
                            cell,
                            row.getLong(1),
                            task -> routed.add(RowFactory.create(task, row.get(0), null, row.get(2), cells)));
            return routed;
        }
    }

    /**
     * Sends queries, {@code id, hash, unit}, to the tasks of the cells that they visit. Immutable.
     *
     * @param centroids the cells that have rows
     * @param visited how many cells each query visits
     */
    record OfQueries(Broadcast<Routes> routes, Broadcast<RowBlock> centroids, int visited)
            implements MapPartitionsFunction<Row, Row> {
        private static final int BLOCK = 256;

        @Override
        public Iterator<Row> call(Iterator<Row> rows) {
            return Blocks.map(rows, BLOCK, this::routed);
        }

        private List<Row> routed(List<Row> queries) {
            RowBlock all = centroids.value();
            float[] units = Blocks.units(queries, 2, all.dimension());
            int[][] nearest = Blocks.nearest(units, queries.size(), all, visited);
            List<Row> routed = new ArrayList<>();
            for (int i = 0; i < queries.size(); i++) {
                Row query = queries.get(i);
                routes.value()
                        .ofQuery(nearest[i], query.getLong(1))
                        .forEach((task, cells) ->
                                routed.add(RowFactory.create(task, null, query.get(0), query.get(2), bytes(cells))));
            }
            return routed;
        }
    }

    private static byte[] bytes(int... cells) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * cells.length);
        bytes.asIntBuffer().put(cells);
        return bytes.array();
    }

    /** The cells of a routed row: its own, or those that a query visits. */
    static int[] cells(Row routed) {
        byte[] bytes = routed.getAs(4);
        int[] cells = new int[bytes.length / Integer.BYTES];
        ByteBuffer.wrap(bytes).asIntBuffer().get(cells);
        return cells;
    }
}
