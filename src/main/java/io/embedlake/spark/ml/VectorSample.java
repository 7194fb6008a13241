package io.embedlake.spark.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.xxhash64;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * A random part of the distinct vectors of a column, drawn by their hashes: the same vectors for the same rows, however these are
 * ordered and partitioned. Kept by Spark until closed. Immutable; confined to the driver.
 *
 * @param rows {@code key BIGINT, vector ARRAY<FLOAT>}
 * @param count how many there are
 * @param shortest the length of the shortest, 0 when there is none
 * @param longest the length of the longest, 0 when there is none
 */
public record VectorSample(Dataset<Row> rows, long count, int shortest, int longest) implements AutoCloseable {
    public static final String KEY = "key";
    public static final String VECTOR = "vector";

    private static final int ROWS_PER_PARTITION = 5_000;

    /**
     * Draws about as many vectors as are wanted; all when there are no more. The rows are read once, and again when most of them have no
     * vector or one that others have too.
     *
     * @param vectors the column {@value #VECTOR}, {@code array<float>}, without nulls
     * @param total how many rows there are at most
     */
    public static VectorSample of(Dataset<Row> vectors, long total, long wanted) {
        int partitions = (int) Math.min(Integer.MAX_VALUE, 1 + (wanted - 1) / ROWS_PER_PARTITION);
        Dataset<Row> keyed = vectors.withColumn(KEY, xxhash64(col(VECTOR)));
        double share = (double) wanted / Math.max(1, total);
        VectorSample drawn = draw(keyed, share, partitions);
        while (share < 1 && 2 * drawn.count < wanted) {
            drawn.close();
            share *= (double) wanted / Math.max(1, drawn.count);
            drawn = draw(keyed, share, partitions);
        }
        return drawn;
    }

    private static VectorSample draw(Dataset<Row> keyed, double share, int partitions) {
        // Hashes are signed and uniformly distributed.
        Column isDrawn = share < 1 ? col(KEY).lt((long) (Long.MIN_VALUE + share * 0x1p64)) : lit(true);
        Dataset<Row> rows = keyed.where(isDrawn)
                .repartition(partitions, col(KEY))
                .dropDuplicates(KEY)
                .persist(StorageLevel.MEMORY_AND_DISK());
        Column length = size(col(VECTOR));
        try {
            Row found =
                    rows.agg(functions.count(lit(1)), min(length), max(length)).first();
            return found.getLong(0) == 0
                    ? new VectorSample(rows, 0, 0, 0)
                    : new VectorSample(rows, found.getLong(0), found.getInt(1), found.getInt(2));
        } catch (RuntimeException e) {
            rows.unpersist();
            throw e;
        }
    }

    @Override
    public void close() {
        rows.unpersist();
    }
}
