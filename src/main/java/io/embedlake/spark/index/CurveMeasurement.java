package io.embedlake.spark.index;

import io.embedlake.ivf.Cells;
import io.embedlake.ivf.Directions;
import io.embedlake.ivf.RecallCurve;
import io.embedlake.ivf.TopK;
import io.embedlake.reduce.quantize.Quantizer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Measures what share of the nearest rows of some vectors of a column is in the cells nearest to them: all entries are compared with all
 * these vectors, in one pass. Immutable; runs on executors.
 *
 * @param queries the vectors, as if they were centroids
 * @param quantizer what the bytes of entries mean
 */
record CurveMeasurement(Cells queries, Quantizer quantizer) implements Serializable {
    /** A query is its own nearest row. */
    private static final int MOST = RecallCurve.MOST_NEIGHBOURS + 1;

    /**
     * Measures.
     *
     * @param entries {@code cell, vector}
     */
    RecallCurve of(Dataset<Row> entries, Cells cells) {
        TopK[] none = Stream.generate(() -> new TopK(MOST, Float.NEGATIVE_INFINITY))
                .limit(queries.count())
                .toArray(TopK[]::new);
        TopK[] nearest = entries.toJavaRDD().treeAggregate(none, this::offer, CurveMeasurement::merge);
        List<int[]> ranks = new ArrayList<>();
        float[] units = queries.centroids();
        for (int query = 0; query < nearest.length; query++) {
            int[] order = cells.nearest(
                    Arrays.copyOfRange(units, query * cells.dimension(), (query + 1) * cells.dimension()),
                    cells.count());
            int[] places = new int[cells.count()];
            for (int i = 0; i < order.length; i++) {
                places[order[i]] = i;
            }
            TopK best = nearest[query];
            ranks.add(IntStream.range(1, best.size())
                    .map(place -> places[(int) best.number(place)])
                    .toArray());
        }
        return RecallCurve.of(cells.count(), ranks);
    }

    private TopK[] offer(TopK[] nearest, Row entry) {
        Directions.of(quantizer.decode((byte[]) entry.get(1))).ifPresent(unit -> {
            float[] cosines = queries.cosines(unit);
            for (int query = 0; query < cosines.length; query++) {
                nearest[query].offer(cosines[query], entry.getInt(0));
            }
        });
        return nearest;
    }

    private static TopK[] merge(TopK[] one, TopK[] other) {
        for (int query = 0; query < one.length; query++) {
            one[query].merge(other[query]);
        }
        return one;
    }
}
