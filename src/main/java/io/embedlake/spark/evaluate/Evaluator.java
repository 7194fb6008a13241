package io.embedlake.spark.evaluate;

import io.embedlake.config.ReduceSpec;
import io.embedlake.reduce.pca.Moments;
import io.embedlake.reduce.pca.PcaReducer;
import io.embedlake.reduce.quality.Fit;
import io.embedlake.reduce.quality.Trial;
import io.embedlake.spark.ml.ReductionFitter;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tries reductions on a sample of a column's vectors. Stateless; confined to the driver. */
public final class Evaluator {
    private static final int MOST_PLACES = 2_000;

    private Evaluator() {}

    /**
     * Tries the chosen reduction and a ladder of others.
     *
     * @param column the vector column
     * @param model what made the vectors
     * @param chosen the job's reduction
     * @param made the version of it that the column has, if it has one; else one is fitted to the sample
     * @param vectors {@code [rows][dimensions]}, in random order
     * @param groups what the rows have in the column that colours the map, a text each
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there are too few vectors, or they do not differ
     */
    public static Evaluation evaluate(
            String column,
            String model,
            ReduceSpec chosen,
            Optional<Fit> made,
            float[][] vectors,
            List<String> groups) {
        if (vectors.length < Trial.LEAST_ROWS) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot evaluate the column " + column + ": the sample has " + vectors.length
                            + " vectors (at least " + Trial.LEAST_ROWS
                            + " are needed to find neighbours). Embed more rows.");
        }
        Moments moments = new Moments(vectors[0].length);
        for (float[] vector : vectors) {
            moments.add(vector);
        }
        moments.finish();
        ReductionFitter fitter = new ReductionFitter(moments, vectors);
        int most = Math.min(vectors.length - 1, moments.dimensions());
        PcaReducer axes = fitter.components(most);
        Fit fit = made.map(fitter::tried).orElseGet(() -> fitter.fit(chosen, most));
        List<Candidate> ladder = new ArrayList<>();
        for (ReduceSpec reduce : Ladder.below(chosen, fit.reduction().bytes(vectors[0]), moments.dimensions())) {
            if (reduce.isSpread() || reduce.dimensions() <= most) {
                ladder.add(candidate(reduce, fitter.fit(reduce, most)));
            }
        }
        return new Evaluation(
                column,
                model,
                vectors.length,
                moments.dimensions(),
                candidate(chosen, fit),
                ladder,
                axes.explainedVariance(),
                map(axes, vectors, groups));
    }

    private static Candidate candidate(ReduceSpec reduce, Fit fit) {
        return new Candidate(reduce, fit.varianceKept(), fit.quality().orElseThrow());
    }

    private static List<Evaluation.Place> map(PcaReducer axes, float[][] vectors, List<String> groups) {
        PcaReducer plane = axes.centered().first(Math.min(2, axes.dimensions()));
        List<Evaluation.Place> map = new ArrayList<>();
        for (int i = 0; i < Math.min(MOST_PLACES, vectors.length); i++) {
            float[] place = plane.reduce(vectors[i]);
            map.add(new Evaluation.Place(place[0], place.length > 1 ? place[1] : 0, groups.get(i)));
        }
        return map;
    }
}
