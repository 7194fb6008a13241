package io.embedlake.spark.job;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.reduce.NoReduction;
import io.embedlake.reduce.Reduction;
import io.embedlake.reduce.quality.Fit;
import io.embedlake.spark.ml.SampleFit;
import io.embedlake.spark.run.JobContext;
import io.embedlake.spark.sql.VectorColumns;
import io.embedlake.spark.store.BegunRun;
import io.embedlake.spark.store.HashSample;
import io.embedlake.spark.store.ReducerStore;
import io.embedlake.spark.store.ReductionRecord;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;

/** Finds or fits the reductions of a job's vector columns, and keeps to what it found. Confined to the driver; one job an instance. */
public final class ColumnReducers {
    /** With fewer new vectors, drift would be noise. */
    private static final int LEAST_FOR_DRIFT = 100;

    /** A mean of so many is exact to some hundredths, and the bound on their hashes leaves out pages of the files. */
    private static final int MOST_FOR_DRIFT = 2_000;

    private final JobSpec job;
    private final VectorStore vectors;
    private final ReducerStore reducers;
    private final Anew anew;
    private final Map<ReducerStore.Scope, ReducerStore.Versioned> known = new HashMap<>();

    public ColumnReducers(Tables tables, JobSpec job, VectorStore vectors, Anew anew) {
        this.job = job;
        this.vectors = vectors;
        this.reducers = new ReducerStore(tables, job.target().store());
        this.anew = anew;
    }

    /**
     * How a column's vectors are reduced for publishing.
     *
     * @param reduction the mapping
     * @param record its record for the log of runs
     * @param earlierError the mean squared error of the vectors that an earlier run has fitted it on; 0 where there were none
     */
    record Chosen(Reduction reduction, ReductionRecord record, double earlierError) {
        /** Unreduced vectors, described for users. */
        static Chosen unfitted(String name) {
            return new Chosen(Reduction.of(new NoReduction()), ReductionRecord.unfitted(name), 0);
        }

        private static Chosen of(ReducerStore.Versioned version, boolean isOfEarlierRun) {
            Fit fit = version.fit();
            return new Chosen(
                    fit.reduction(),
                    new ReductionRecord(version.name(), fit.varianceKept(), fit.quality(), OptionalDouble.empty()),
                    isOfEarlierRun ? fit.squaredError() : 0);
        }

        private Chosen with(double drift) {
            return new Chosen(
                    reduction,
                    new ReductionRecord(
                            record.name(), record.varianceKept(), record.quality(), OptionalDouble.of(drift)),
                    earlierError);
        }
    }

    /** The reduction that will be used, for a person. */
    String describe(JobColumn column) {
        EmbeddingSpec embedding = column.embedding();
        String wanted = embedding.reduce().label();
        if (embedding.reduce().isNothing()) {
            return wanted;
        }
        return latest(embedding, column.spec())
                .map(latest -> latest.name() + (anew == Anew.REDUCTIONS ? ", to be fitted anew" : ""))
                .orElse(wanted + ", to be fitted");
    }

    /**
     * Makes sure that there is a reduction, or that there will be enough texts to fit one; a column without any text needs none.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} otherwise
     */
    void requireSample(PlannedColumn planned) {
        EmbeddingSpec embedding = planned.column().embedding();
        EmbedderSpec spec = planned.column().spec();
        WorkPlan.Counts counts = planned.counts();
        long texts = counts.distinct() - counts.rejected();
        boolean mustFit = anew == Anew.REDUCTIONS || latest(embedding, spec).isEmpty();
        if (!spec.granularity().hasSpans() && texts > 0 && texts < SampleFit.least(embedding.reduce()) && mustFit) {
            throw SampleFit.tooFew(embedding.reduce(), embedding.column(), "distinct texts", texts);
        }
    }

    /** The column's reduction; fitted and saved when there is none. Its drift is not measured yet. */
    Chosen choose(EmbeddedColumn embedded, JobContext context) {
        JobColumn column = embedded.column();
        EmbeddingSpec embedding = column.embedding();
        long texts = embedded.counts().embedded();
        String wanted = embedding.reduce().label();
        if (embedding.reduce().isNothing()) {
            return Chosen.unfitted(wanted);
        }
        Optional<ReducerStore.Versioned> latest = latest(embedding, column.spec());
        if (texts == 0 && latest.isEmpty()) {
            // Nothing to fit on and nothing to make short: a later run fits the first version.
            return Chosen.unfitted(wanted);
        }
        if (latest.isEmpty() || anew == Anew.REDUCTIONS && texts > 0) {
            context.observer().phase("Fitting " + wanted + " for " + column.name());
            Fit fit = requireRecall(embedding, new ReducerFitting(vectors, column, texts).fit());
            int before = latest.map(ReducerStore.Versioned::version).orElse(0);
            ReducerStore.Scope scope = scope(embedding, column.spec());
            ReducerStore.Versioned saved = reducers.save(
                    scope, before, fit, context.run(), context.clock().instant());
            known.put(scope, saved);
            return Chosen.of(saved, false);
        }
        requireRecall(embedding, latest.get().fit());
        return Chosen.of(latest.get(), true);
    }

    private static Fit requireRecall(EmbeddingSpec embedding, Fit fit) {
        double least = embedding.reduce().minRecall();
        fit.quality().filter(quality -> quality.recallAt10() < least).ifPresent(quality -> {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    String.format(
                            Locale.ROOT,
                            "Cannot publish the column %s: %s finds %.3f of the ten nearest neighbours again, in %d bytes a row"
                                    + " (reduce.min-recall is %s). Let evaluate show what other reductions keep, or lower"
                                    + " reduce.min-recall; the full vectors are in the store.",
                            embedding.column(),
                            embedding.reduce().label(),
                            quality.recallAt10(),
                            quality.bytes(),
                            least));
        });
        return fit;
    }

    /**
     * How far the new vectors of a column are from those that its reduction was fitted on.
     *
     * @param run which has embedded them
     */
    ReducedColumn withDrift(ReducedColumn column, BegunRun run) {
        Chosen chosen = column.chosen();
        long embedded = column.embedded().done().embedded();
        if (embedded < LEAST_FOR_DRIFT || !(chosen.earlierError() > 0)) {
            return column;
        }
        EmbedderSpec spec = column.embedded().column().spec();
        Row error = vectors.sampleOf(run, spec, HashSample.of(MOST_FOR_DRIFT, embedded), MOST_FOR_DRIFT)
                .agg(avg(VectorColumns.squaredError(
                        col(VectorStore.VECTOR), chosen.reduction().reducer())))
                .first();
        return error.isNullAt(0)
                ? column
                : new ReducedColumn(column.embedded(), chosen.with(error.getDouble(0) / chosen.earlierError()));
    }

    /** The newest reduction of a column. */
    public Optional<ReducerStore.Versioned> latest(EmbeddingSpec embedding, EmbedderSpec spec) {
        ReducerStore.Scope scope = scope(embedding, spec);
        if (!embedding.reduce().isNothing() && !known.containsKey(scope)) {
            reducers.latest(scope).ifPresent(found -> known.put(scope, found));
        }
        return Optional.ofNullable(known.get(scope));
    }

    /** The reduction that made a published column, by the name in the column's metadata. */
    public Optional<Reduction> named(EmbeddingSpec embedding, EmbedderSpec spec, String name) {
        return reducers.named(scope(embedding, spec), name)
                .map(version -> version.fit().reduction());
    }

    private ReducerStore.Scope scope(EmbeddingSpec embedding, EmbedderSpec spec) {
        return new ReducerStore.Scope(
                job.target().table(),
                embedding.column(),
                spec.fingerprint(),
                embedding.reduce().label());
    }
}
