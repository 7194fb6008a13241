package io.embedlake.spark.job;

import static org.apache.spark.sql.functions.col;

import io.embedlake.config.ReduceSpec;
import io.embedlake.reduce.quality.Fit;
import io.embedlake.spark.ml.SampleFit;
import io.embedlake.spark.store.HashSample;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Granularity;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Fits the reduction of a column on a sample of its vectors in the store. Confined to the driver.
 *
 * @param texts how many of the column's texts have a vector
 */
public record ReducerFitting(VectorStore vectors, JobColumn column, long texts) {
    /** Few texts have fewer tokens, so a sample of tokens needs this many times fewer texts. */
    private static final int TOKENS_OF_A_TEXT = 8;

    /**
     * Fits the column's reduction.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there are too few vectors
     */
    Fit fit() {
        ReduceSpec reduce = column.embedding().reduce();
        Granularity granularity = column.spec().granularity();
        String what = granularity.hasSpans() ? granularity + "s" : "distinct texts";
        Dataset<Row> sample = sample(SampleFit.wanted(reduce)).persist(StorageLevel.MEMORY_AND_DISK());
        try {
            return new SampleFit(sample, VectorStore.KEY, VectorStore.VECTOR, reduce, column.name(), what).fit();
        } finally {
            sample.unpersist();
        }
    }

    /** A random part of the column's vectors, the same one every time: {@code key, vector}. */
    public Dataset<Row> sample(long wanted) {
        long wantedTexts = column.spec().granularity() == Granularity.TOKEN
                ? Math.max(
                        wanted / TOKENS_OF_A_TEXT,
                        2L * column.embedding().reduce().dimensions())
                : wanted;
        Dataset<Row> hashes = column.text()
                .texts()
                .select(col(VectorStore.CONTENT_HASH))
                .where(HashSample.of(wantedTexts, texts))
                .distinct();
        return vectors.sample(column.spec(), hashes, wanted);
    }
}
