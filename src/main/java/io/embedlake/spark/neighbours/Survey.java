package io.embedlake.spark.neighbours;

import io.embedlake.ivf.BlockTopK;
import io.embedlake.ivf.RowBlock;
import io.embedlake.ivf.TopK;
import io.embedlake.spark.sql.UnitVectors;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;

/**
 * How many rows each cell has, and the cells of the true neighbours of some queries. Confined to one thread.
 *
 * @param rows {@code [cells]}
 * @param best {@code [queries]}: the nearest of all rows, each numbered by its cell
 */
record Survey(long[] rows, TopK[] best) implements Serializable {
    /** Both together, in the first. */
    Survey merge(Survey other) {
        for (int cell = 0; cell < rows.length; cell++) {
            rows[cell] += other.rows[cell];
        }
        for (int query = 0; query < best.length; query++) {
            best[query].merge(other.best[query]);
        }
        return this;
    }

    /**
     * Surveys the rows of a partition, {@code cell, unit}. Immutable.
     *
     * @param queries {@code [queries][dimension]}, one after the other
     */
    record OfPartition(Broadcast<float[]> queries, int dimension, int cells, int k, float least)
            implements FlatMapFunction<Iterator<Row>, Survey> {
        private static final int BLOCK = 2048;

        @Override
        public Iterator<Survey> call(Iterator<Row> partition) {
            float[] asked = queries.value();
            int count = asked.length / dimension;
            Survey survey = new Survey(new long[cells], Blocks.best(count, k, least));
            BlockTopK comparison = new BlockTopK(dimension);
            float[] unit = new float[dimension];
            while (partition.hasNext()) {
                List<Row> rows = Blocks.next(partition, BLOCK);
                RowBlock.Builder block = new RowBlock.Builder(dimension);
                for (Row row : rows) {
                    UnitVectors.read(row.getAs(1), unit, 0);
                    block.add(unit, row.getInt(0));
                    survey.rows[row.getInt(0)]++;
                }
                comparison.offer(asked, count, block.build(), survey.best);
            }
            return List.of(survey).iterator();
        }
    }
}
