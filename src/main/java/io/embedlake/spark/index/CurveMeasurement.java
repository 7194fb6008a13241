package io.embedlake.spark.index;

import io.embedlake.ivf.Cells;
import io.embedlake.ivf.Directions;
import io.embedlake.ivf.RecallCounts;
import io.embedlake.ivf.RecallCurve;
import io.embedlake.reduce.quantize.Quantizer;
import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Measures in how many of the nearest cells rows are, by their cosine to some vectors of a column: all entries are compared with all these
 * vectors, in one pass. Immutable; runs on executors.
 */
final class CurveMeasurement implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Cells queries;
    private final Quantizer quantizer;
    private final int count;
    private final byte[][] steps;

    /**
     * Prepares a measurement.
     *
     * @param queries the vectors, as if they were centroids
     * @param quantizer what the bytes of entries mean
     */
    CurveMeasurement(Cells queries, Quantizer quantizer, Cells cells) {
        this.queries = queries;
        this.quantizer = quantizer;
        this.count = cells.count();
        float[] units = queries.centroids();
        int dimension = queries.dimension();
        this.steps = IntStream.range(0, queries.count())
                .mapToObj(query -> Arrays.copyOfRange(units, query * dimension, (query + 1) * dimension))
                .map(unit -> RecallCounts.steps(cells.nearest(unit, count)))
                .toArray(byte[][]::new);
    }

    /**
     * Measures.
     *
     * @param entries {@code cell, vector}
     */
    RecallCurve of(Dataset<Row> entries) {
        return entries.toJavaRDD()
                .treeAggregate(new RecallCounts(steps.length, count), this::add, CurveMeasurement::merge)
                .curve();
    }

    private RecallCounts add(RecallCounts counts, Row entry) {
        Directions.of(quantizer.decode((byte[]) entry.get(1))).ifPresent(unit -> {
            float[] cosines = queries.cosines(unit);
            for (int query = 0; query < cosines.length; query++) {
                counts.add(query, cosines[query], steps[query][entry.getInt(0)]);
            }
        });
        return counts;
    }

    private static RecallCounts merge(RecallCounts one, RecallCounts other) {
        one.merge(other);
        return one;
    }
}
