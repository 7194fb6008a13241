package io.embedlake.spark.ml;

import io.embedlake.config.ReduceSpec;
import io.embedlake.local.training.AutoencoderTraining;
import io.embedlake.reduce.NoReduction;
import io.embedlake.reduce.Processors;
import io.embedlake.reduce.Reducer;
import io.embedlake.reduce.Reduction;
import io.embedlake.reduce.Truncation;
import io.embedlake.reduce.pca.Moments;
import io.embedlake.reduce.pca.PcaReducer;
import io.embedlake.reduce.quality.Fit;
import io.embedlake.reduce.quality.Trial;
import io.embedlake.reduce.quantize.ByteScales;
import io.embedlake.reduce.quantize.Codebooks;
import io.embedlake.reduce.quantize.Quantizer;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Arrays;
import java.util.Optional;

/**
 * Fits a reduction to a sample and tries it there: the moments of the whole sample give the projection; a part that fits
 * the driver calibrates the quantizer and gives the quality. Components are computed once for all fits that need no more of them. Mutable;
 * confined to the driver.
 */
public final class ReductionFitter {
    /** Arbitrary; makes fits repeatable. */
    private static final long SEED = 20_240_229;

    private final Moments moments;
    private final Trial trial;
    private final float[][] vectors;
    private PcaReducer widest;

    /**
     * A fitter for a sample.
     *
     * @param moments of the whole sample
     * @param vectors a random part of it, at least one; kept
     */
    public ReductionFitter(Moments moments, float[][] vectors) {
        this.moments = moments;
        this.vectors = vectors;
        this.trial = vectors.length < Trial.LEAST_ROWS ? null : new Trial(vectors, SEED);
    }

    /** Takes these principal components for all fits that need no more of them. */
    public void take(PcaReducer components) {
        widest = components;
    }

    /**
     * Fits a reduction.
     *
     * @param reduce the requested reduction
     * @param most the most components that a projection may have: with more, the rest is zeros
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the vectors do not differ or are too short
     */
    public Fit fit(ReduceSpec reduce, int most) {
        Reducer reducer = reducer(reduce, most);
        Reduction reduction = quantizer(reduce, reducer)
                .map(quantizer -> Reduction.of(reducer, quantizer))
                .orElseGet(() -> Reduction.of(reducer));
        double squaredError = Arrays.stream(vectors)
                .mapToDouble(reducer::squaredError)
                .average()
                .orElse(0);
        double projected = reducer instanceof PcaReducer pca ? pca.varianceKept() : 1 - share(squaredError);
        double kept = projected - share(codeError(reduction));
        return new Fit(
                reduction,
                moments.count(),
                Math.max(0, Math.min(1, kept)),
                squaredError,
                Optional.ofNullable(trial).map(rows -> rows.of(reduction)));
    }

    /** The mean squared error of quantizing short vectors. */
    private double codeError(Reduction reduction) {
        if (reduction.quantizer().isEmpty()) {
            return 0;
        }
        Quantizer quantizer = reduction.quantizer().get();
        return Arrays.stream(vectors)
                .map(reduction.reducer()::reduce)
                .mapToDouble(reduced -> squaredDistance(reduced, quantizer.decode(quantizer.encode(reduced))))
                .average()
                .orElse(0);
    }

    private static double squaredDistance(float[] a, float[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            double distance = (double) a[i] - b[i];
            squares += distance * distance;
        }
        return squares;
    }

    /**
     * Tries a reduction that was fitted before, on this sample.
     *
     * @throws IllegalArgumentException when it is for vectors of another length
     */
    public Fit tried(Fit before) {
        return new Fit(
                before.reduction(),
                before.sampleRows(),
                before.varianceKept(),
                before.squaredError(),
                Optional.ofNullable(trial).map(rows -> rows.of(before.reduction())));
    }

    /** A squared error as a share of the sample's variance. */
    private double share(double squaredError) {
        if (moments.count() < 2) {
            return 0;
        }
        double variance = 0;
        double[] covariance = moments.covariance();
        int diagonal = 0;
        for (int i = 0; i < moments.dimensions(); i++) {
            variance += covariance[diagonal];
            // The triangle has one value less in each row.
            diagonal += moments.dimensions() - i;
        }
        return variance > 0 ? squaredError / variance : 0;
    }

    private Reducer reducer(ReduceSpec reduce, int most) {
        return switch (reduce.method()) {
            case NONE -> new NoReduction();
            case TRUNCATE -> truncation(reduce.dimensions());
            case PCA, MLLIB_PCA -> projection(reduce, most);
            case AUTOENCODER ->
                AutoencoderTraining.train(
                        Arrays.asList(vectors), AutoencoderTraining.settings(reduce.dimensions(), SEED));
        };
    }

    private Reducer truncation(int dimensions) {
        if (dimensions > moments.dimensions()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot cut vectors to " + dimensions + " values: they have " + moments.dimensions()
                            + " (a cut makes them no longer). Set reduce.dimensions to at most " + moments.dimensions()
                            + ".");
        }
        return new Truncation(dimensions);
    }

    private Reducer projection(ReduceSpec reduce, int most) {
        int dimensions = reduce.isSpread() ? Math.min(reduce.dimensions(), moments.dimensions()) : reduce.dimensions();
        int fitted = Math.min(dimensions, most);
        PcaReducer pca = components(fitted).padded(dimensions);
        PcaReducer centered = reduce.center() ? pca.centered() : pca;
        return reduce.codes() == ReduceSpec.Codes.BINARY ? centered.rotated(SEED) : centered;
    }

    /**
     * The projection onto the first principal components.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the vectors do not differ or are too short
     */
    public PcaReducer components(int count) {
        if (widest == null || widest.dimensions() < count) {
            widest = PcaFitter.fit(moments, count);
        }
        return widest.first(count);
    }

    private Optional<Quantizer> quantizer(ReduceSpec reduce, Reducer reducer) {
        if (reduce.codes() == ReduceSpec.Codes.NONE) {
            return Optional.empty();
        }
        return Optional.of(Processors.use(() -> {
            float[][] reduced =
                    Arrays.stream(vectors).parallel().map(reducer::reduce).toArray(float[][]::new);
            return switch (reduce.codes()) {
                case INT8 -> ByteScales.fit(reduced);
                case BINARY -> Codebooks.binary(reduced);
                case PACKED -> Codebooks.packed(reduced, reduce.bytes());
                case NONE -> throw new IllegalStateException("no codes were asked for");
            };
        }));
    }
}
