package io.embedlake.spark.neighbours;

import io.embedlake.ivf.Cells;
import io.embedlake.ivf.RowBlock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Puts rows into their nearest cells: {@code id, hash, unit} become {@code id, hash, unit, cell}. Immutable.
 *
 * @param cells the cells; where there is one, it holds every row
 */
record AssignCells(Broadcast<Cells> cells) implements MapPartitionsFunction<Row, Row> {
    static final String CELL = "cell";

    private static final int BLOCK = 256;

    static StructType schema(StructType units) {
        return units.add(CELL, DataTypes.IntegerType, false);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        Cells all = cells.value();
        RowBlock centroids = RowBlock.of(all.dimension(), all.centroids());
        return Blocks.map(rows, BLOCK, block -> assigned(block, centroids));
    }

    private static List<Row> assigned(List<Row> rows, RowBlock centroids) {
        float[] units = Blocks.units(rows, 2, centroids.dimension());
        int[][] nearest = Blocks.nearest(units, rows.size(), centroids, 1);
        List<Row> assigned = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            assigned.add(RowFactory.create(row.get(0), row.get(1), row.get(2), nearest[i][0]));
        }
        return assigned;
    }
}
