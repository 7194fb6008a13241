package io.embedlake.spark.ml;

import io.embedlake.config.ReduceSpec;
import io.embedlake.reduce.pca.Moments;
import io.embedlake.reduce.pca.PcaReducer;
import io.embedlake.reduce.quality.Fit;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Fits a reduction to a sample of the vectors of a column. Immutable; confined to the driver.
 *
 * @param sample the vectors, each once; read several times
 * @param key the column of a hash for each vector, which decides the order
 * @param vector the column with the vectors, {@code array<float>}, all of one length
 * @param reduce the requested reduction
 * @param column the column's name in messages
 * @param what what the vectors are of in messages, such as {@code distinct texts}
 */
public record SampleFit(Dataset<Row> sample, String key, String vector, ReduceSpec reduce, String column, String what) {
    /** With fewer vectors a network would overfit. */
    private static final int LEAST_TO_LEARN_FROM = 100;

    /** On how many vectors a fit is tried. */
    private static final int TRIED_ROWS = 20_000;

    /** How many vectors a sample should have. */
    public static long wanted(ReduceSpec reduce) {
        return Math.max(reduce.sampleRows(), 2L * reduce.dimensions());
    }

    /** How many vectors a fit needs. */
    public static long least(ReduceSpec reduce) {
        return switch (reduce.method()) {
            case NONE, TRUNCATE -> 1;
            case AUTOENCODER -> Math.max(LEAST_TO_LEARN_FROM, 2L * reduce.dimensions());
            case PCA, MLLIB_PCA ->
                reduce.isSpread() || reduce.fewRows() == ReduceSpec.FewRows.PAD ? 2 : reduce.dimensions() + 1L;
        };
    }

    /** The refusal of a column with too few vectors. */
    public static EmbedlakeException tooFew(ReduceSpec reduce, String column, String what, long number) {
        String way = reduce.method().isProjection() && reduce.fewRows() == ReduceSpec.FewRows.REFUSE && number > 2
                ? "Set reduce.dimensions to at most " + (number - 1) + ", or reduce.few-rows to pad, or"
                : "Set";
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot fit " + reduce.label() + " to the column " + column + ": there are " + number + " " + what
                        + " (at least " + least(reduce) + " are needed). " + way + " reduce.method to none.");
    }

    /**
     * Fits the reduction and tries it.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there are too few vectors, or they do not differ
     */
    public Fit fit() {
        Moments moments = PcaFitter.moments(sample.sortWithinPartitions(key), vector)
                .orElseThrow(() -> tooFew(reduce, column, what, 0));
        if (moments.count() < least(reduce)) {
            throw tooFew(reduce, column, what, moments.count());
        }
        ReductionFitter fitter = new ReductionFitter(moments, SampleVectors.first(sample, key, vector, TRIED_ROWS));
        if (reduce.method() == ReduceSpec.Method.MLLIB_PCA) {
            fitter.take(byMllib(moments));
        }
        return fitter.fit(reduce, mostComponents(moments.count()));
    }

    private PcaReducer byMllib(Moments moments) {
        if (moments.count() <= moments.dimensions()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot fit mllib-pca to the column " + column + ": there are " + moments.count()
                            + " vectors of " + moments.dimensions()
                            + " values (with fewer vectors than values MLlib finds wrong components). Set reduce.method to pca.");
        }
        return MllibPca.fit(sample, vector, Math.min(reduce.dimensions(), moments.dimensions()), moments.mean());
    }

    /** Through {@code n} points go {@code n - 1} axes. */
    private int mostComponents(long count) {
        return reduce.fewRows() == ReduceSpec.FewRows.PAD || reduce.isSpread()
                ? (int) Math.min(Integer.MAX_VALUE, Math.max(1, count - 1))
                : Integer.MAX_VALUE;
    }
}
