package io.embedlake.spark;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.config.ReduceSpec;
import io.embedlake.embed.EmbedderSpec;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.embed.Granularity;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.reduce.Moments;
import io.embedlake.reduce.NoReduction;
import io.embedlake.reduce.PcaReducer;
import io.embedlake.reduce.Reduction;
import io.embedlake.reduce.quality.Fit;
import io.embedlake.spark.ml.MllibPca;
import io.embedlake.spark.ml.PcaFitter;
import io.embedlake.spark.ml.ReductionFitter;
import io.embedlake.spark.ml.SampleVectors;
import io.embedlake.spark.sql.VectorColumns;
import io.embedlake.spark.store.ReducerStore;
import io.embedlake.spark.store.ReductionRecord;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.store.VectorStore;
import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Finds or fits the reductions of a job's vector columns, and keeps to what it found. Confined to the driver; one job an instance. */
final class ColumnReducers {
    /** Few texts have less: so many fewer texts make a sample of tokens. */
    private static final int TOKENS_OF_A_TEXT = 8;

    /** With fewer vectors a network would learn them by heart. */
    private static final int LEAST_TO_LEARN_FROM = 100;

    /** With fewer new vectors, drift would be noise. */
    private static final int LEAST_FOR_DRIFT = 100;

    private static final int MOST_FOR_DRIFT = 20_000;

    /** On how many vectors a fit is tried. */
    private static final int TRIED_ROWS = 20_000;

    private final JobSpec job;
    private final VectorStore vectors;
    private final ReducerStore reducers;
    private final Refit refit;
    private final Map<ReducerStore.Scope, ReducerStore.Versioned> known = new HashMap<>();

    ColumnReducers(Tables tables, JobSpec job, VectorStore vectors, Refit refit) {
        this.job = job;
        this.vectors = vectors;
        this.reducers = new ReducerStore(tables, job.target().store());
        this.refit = refit;
    }

    /**
     * How a column's vectors become what is published.
     *
     * @param reduction the mapping
     * @param record what there is to say of it
     */
    record Chosen(Reduction reduction, ReductionRecord record) {
        /** Vectors as they are, for a person to see what was asked for. */
        static Chosen unfitted(String name) {
            return new Chosen(Reduction.of(new NoReduction()), ReductionRecord.unfitted(name));
        }
    }

    /** The reduction that will be used, for a person. */
    String describe(EmbeddingSpec embedding, EmbedderSpec spec) {
        String wanted = embedding.reduce().label();
        if (embedding.reduce().isNothing()) {
            return wanted;
        }
        return latest(embedding, spec)
                .map(latest -> latest.name() + (refit == Refit.ALL ? ", to be fitted anew" : ""))
                .orElse(wanted + ", to be fitted");
    }

    /**
     * Makes sure that there is a reduction, or that there will be enough texts to fit one; a column without any text needs none.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} otherwise
     */
    void requireSample(EmbeddingSpec embedding, EmbedderSpec spec, WorkPlan.Counts counts) {
        long texts = counts.distinct() - counts.rejected();
        boolean mustFit = refit == Refit.ALL || latest(embedding, spec).isEmpty();
        if (!spec.granularity().hasSpans() && texts > 0 && texts < least(embedding.reduce()) && mustFit) {
            throw tooFew(embedding, "distinct texts", texts);
        }
    }

    /** How many vectors a fit needs. */
    private static long least(ReduceSpec reduce) {
        return switch (reduce.method()) {
            case NONE, TRUNCATE -> 1;
            case AUTOENCODER -> Math.max(LEAST_TO_LEARN_FROM, 2L * reduce.dimensions());
            case PCA, MLLIB_PCA ->
                reduce.isSpread() || reduce.fewRows() == ReduceSpec.FewRows.PAD ? 2 : reduce.dimensions() + 1L;
        };
    }

    private static EmbedlakeException tooFew(EmbeddingSpec embedding, String what, long number) {
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
     * The column's reduction; fitted and saved when there is none.
     *
     * @param texts how many of the column's texts have a vector
     * @param embedded how many of them this run embedded
     */
    Chosen choose(
            int index,
            EmbeddingSpec embedding,
            EmbedderSpec spec,
            SourceRows source,
            long texts,
            long embedded,
            RunId run,
            Clock clock,
            JobObserver observer) {
        String wanted = embedding.reduce().label();
        if (embedding.reduce().isNothing()) {
            return Chosen.unfitted(wanted);
        }
        Optional<ReducerStore.Versioned> latest = latest(embedding, spec);
        if (texts == 0 && latest.isEmpty()) {
            // Nothing to fit on and nothing to make short: a later run fits the first version.
            return Chosen.unfitted(wanted);
        }
        if (latest.isEmpty() || refit == Refit.ALL && texts > 0) {
            observer.phase("Fitting " + wanted + " for " + embedding.column());
            Fit fit = requireRecall(embedding, fit(index, embedding, spec, source, texts));
            int before = latest.map(ReducerStore.Versioned::version).orElse(0);
            ReducerStore.Versioned saved = reducers.save(scope(embedding, spec), before, fit, run, clock.instant());
            known.put(scope(embedding, spec), saved);
            return chosen(saved, OptionalDouble.empty());
        }
        requireRecall(embedding, latest.get().fit());
        return chosen(latest.get(), drift(spec, latest.get().fit(), run, embedded));
    }

    private static Chosen chosen(ReducerStore.Versioned version, OptionalDouble drift) {
        Fit fit = version.fit();
        return new Chosen(
                fit.reduction(), new ReductionRecord(version.name(), fit.varianceKept(), fit.quality(), drift));
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

    private Fit fit(int index, EmbeddingSpec embedding, EmbedderSpec spec, SourceRows source, long texts) {
        ReduceSpec reduce = embedding.reduce();
        long wanted = Math.max(reduce.sampleRows(), 2L * reduce.dimensions());
        Dataset<Row> sample =
                sample(index, embedding, spec, source, texts, wanted).persist(StorageLevel.MEMORY_AND_DISK());
        try {
            String what = spec.granularity().hasSpans() ? spec.granularity() + "s" : "distinct texts";
            Moments moments = PcaFitter.moments(sample.sortWithinPartitions(VectorStore.KEY), VectorStore.VECTOR)
                    .orElseThrow(() -> tooFew(embedding, "vectors in the store", 0));
            if (moments.count() < least(reduce)) {
                throw tooFew(embedding, what, moments.count());
            }
            float[][] part = SampleVectors.first(sample, VectorStore.KEY, VectorStore.VECTOR, TRIED_ROWS);
            ReductionFitter fitter = new ReductionFitter(moments, part);
            if (reduce.method() == ReduceSpec.Method.MLLIB_PCA) {
                fitter.take(byMllib(embedding, sample, moments));
            }
            return fitter.fit(reduce, mostComponents(reduce, moments.count()));
        } finally {
            sample.unpersist();
        }
    }

    private static PcaReducer byMllib(EmbeddingSpec embedding, Dataset<Row> sample, Moments moments) {
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

    /** A random part of a column's vectors, the same one every time: {@code key, vector}. */
    Dataset<Row> sample(
            int index, EmbeddingSpec embedding, EmbedderSpec spec, SourceRows source, long texts, long wanted) {
        long wantedTexts = spec.granularity() == Granularity.TOKEN
                ? Math.max(wanted / TOKENS_OF_A_TEXT, 2L * embedding.reduce().dimensions())
                : wanted;
        Dataset<Row> hashes = source.selected()
                .select(col(SourceRows.hash(index)).as(VectorStore.CONTENT_HASH))
                .where(col(VectorStore.CONTENT_HASH).isNotNull())
                .where(HashSample.of(wantedTexts, texts))
                .distinct();
        return vectors.sample(spec, hashes, wanted);
    }

    private OptionalDouble drift(EmbedderSpec spec, Fit fit, RunId run, long embedded) {
        if (embedded < LEAST_FOR_DRIFT || !(fit.squaredError() > 0)) {
            return OptionalDouble.empty();
        }
        Dataset<Row> hashes = vectors.embeddedBy(run, spec).where(HashSample.of(MOST_FOR_DRIFT, embedded));
        Row error = vectors.sample(spec, hashes, MOST_FOR_DRIFT)
                .agg(avg(VectorColumns.squaredError(
                        col(VectorStore.VECTOR), fit.reduction().reducer())))
                .first();
        return error.isNullAt(0) ? OptionalDouble.empty() : OptionalDouble.of(error.getDouble(0) / fit.squaredError());
    }

    /** The newest reduction of a column. */
    Optional<ReducerStore.Versioned> latest(EmbeddingSpec embedding, EmbedderSpec spec) {
        ReducerStore.Scope scope = scope(embedding, spec);
        if (!embedding.reduce().isNothing() && !known.containsKey(scope)) {
            reducers.latest(scope).ifPresent(found -> known.put(scope, found));
        }
        return Optional.ofNullable(known.get(scope));
    }

    /** The reduction that made a published column, by the name that stands with the column. */
    Optional<Reduction> named(EmbeddingSpec embedding, EmbedderSpec spec, String name) {
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
