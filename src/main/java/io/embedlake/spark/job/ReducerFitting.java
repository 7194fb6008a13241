package io.embedlake.spark.job;

import static org.apache.spark.sql.functions.col;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.ReduceSpec;
import io.embedlake.reduce.pca.Moments;
import io.embedlake.reduce.pca.PcaReducer;
import io.embedlake.reduce.quality.Fit;
import io.embedlake.spark.ml.MllibPca;
import io.embedlake.spark.ml.PcaFitter;
import io.embedlake.spark.ml.ReductionFitter;
import io.embedlake.spark.ml.SampleVectors;
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

    /** With fewer vectors a network would overfit. */
    private static final int LEAST_TO_LEARN_FROM = 100;

    /** On how many vectors a fit is tried. */
    private static final int TRIED_ROWS = 20_000;

    /** How many vectors a fit needs. */
    static long least(ReduceSpec reduce) {
        return switch (reduce.method()) {
            case NONE, TRUNCATE -> 1;
            case AUTOENCODER -> Math.max(LEAST_TO_LEARN_FROM, 2L * reduce.dimensions());
            case PCA, MLLIB_PCA ->
                reduce.isSpread() || reduce.fewRows() == ReduceSpec.FewRows.PAD ? 2 : reduce.dimensions() + 1L;
        };
    }

    static EmbedlakeException tooFew(EmbeddingSpec embedding, String what, long number) {
        ReduceSpec reduce = embedding.reduce();
        String way = reduce.method().isProjection() && reduce.fewRows() == ReduceSpec.FewRows.REFUSE && number > 2
                ? "Set reduce.dimensions to at most " + (number - 1) + ", or reduce.few-rows to pad, or"
                : "Set";
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot fit " + reduce.label() + " to the column " + embedding.column() + ": there are " + number + " "
                        + what + " (at least " + least(reduce) + " are needed). " + way + " reduce.method to none.");
    }

    /**
     * Fits the column's reduction.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there are too few vectors
     */
    Fit fit() {
        EmbeddingSpec embedding = column.embedding();
        ReduceSpec reduce = embedding.reduce();
        long wanted = Math.max(reduce.sampleRows(), 2L * reduce.dimensions());
        Dataset<Row> sample = sample(wanted).persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Granularity granularity = column.spec().granularity();
            String what = granularity.hasSpans() ? granularity + "s" : "distinct texts";
            Moments moments = PcaFitter.moments(sample.sortWithinPartitions(VectorStore.KEY), VectorStore.VECTOR)
                    .orElseThrow(() -> tooFew(embedding, "vectors in the store", 0));
            if (moments.count() < least(reduce)) {
                throw tooFew(embedding, what, moments.count());
            }
            float[][] part = SampleVectors.first(sample, VectorStore.KEY, VectorStore.VECTOR, TRIED_ROWS);
            ReductionFitter fitter = new ReductionFitter(moments, part);
            if (reduce.method() == ReduceSpec.Method.MLLIB_PCA) {
                fitter.take(byMllib(sample, moments));
            }
            return fitter.fit(reduce, mostComponents(reduce, moments.count()));
        } finally {
            sample.unpersist();
        }
    }

    private PcaReducer byMllib(Dataset<Row> sample, Moments moments) {
        EmbeddingSpec embedding = column.embedding();
        if (moments.count() <= moments.dimensions()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot fit mllib-pca to the column " + embedding.column() + ": there are " + moments.count()
                            + " vectors of " + moments.dimensions()
                            + " values (with fewer vectors than values MLlib finds wrong components). Set reduce.method to pca.");
        }
        int dimensions = Math.min(embedding.reduce().dimensions(), moments.dimensions());
        return MllibPca.fit(sample, VectorStore.VECTOR, dimensions, moments.mean());
    }

    /** Through {@code n} points go {@code n - 1} axes. */
    private static int mostComponents(ReduceSpec reduce, long count) {
        return reduce.fewRows() == ReduceSpec.FewRows.PAD || reduce.isSpread()
                ? (int) Math.min(Integer.MAX_VALUE, Math.max(1, count - 1))
                : Integer.MAX_VALUE;
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
