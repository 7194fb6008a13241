package io.embedlake.spark.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.size;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** Brings a part of a sample to the driver. Stateless; confined to the driver. */
public final class SampleVectors {
    /** What the driver holds of a sample. */
    private static final long MOST_BYTES = 64L << 20;

    private SampleVectors() {}

    /**
     * The first vectors by their keys, as many as are wanted and fit the driver; a random part where keys are hashes.
     *
     * @param sample vectors, {@code array<float>}
     * @param wanted how many vectors, at most
     */
    public static float[][] first(Dataset<Row> sample, String key, String vector, int wanted) {
        List<Row> length = sample.select(size(col(vector))).limit(1).collectAsList();
        int rows = length.isEmpty()
                ? 0
                : (int) Math.min(
                        wanted, MOST_BYTES / (Float.BYTES * (long) length.get(0).getInt(0)));
        List<VectorRow> first = sample.orderBy(key)
                .limit(rows)
                .select(col(vector).as("vector"))
                .as(Encoders.bean(VectorRow.class))
                .collectAsList();
        return first.stream().map(VectorRow::getVector).toArray(float[][]::new);
    }
}
