package io.embedlake.spark;

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
import io.embedlake.reduce.Reducer;
import io.embedlake.reduce.Truncation;
import io.embedlake.spark.ml.PcaFitter;
import io.embedlake.spark.store.ReducerStore;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.store.VectorStore;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Finds or fits the reducers of a job's vector columns, and keeps to what it found. Confined to the driver; one job an instance. */
final class ColumnReducers {
    /** Few texts have less: so many fewer texts make a sample of tokens. */
    private static final int TOKENS_OF_A_TEXT = 8;

    private final JobSpec job;
    private final VectorStore vectors;
    private final ReducerStore reducers;
    private final Map<ReducerStore.Scope, ReducerStore.Versioned> known = new HashMap<>();

    ColumnReducers(Tables tables, JobSpec job, VectorStore vectors) {
        this.job = job;
        this.vectors = vectors;
        this.reducers = new ReducerStore(tables, job.target().store());
    }

    /**
     * How a column's vectors become short.
     *
     * @param reducer the mapping
     * @param label such as {@code pca-64 v1} or {@code none}
     * @param varianceKept the share of the sample's variance that is kept, 1 when all is or nothing was fitted
     */
    record Reduction(Reducer reducer, String label, double varianceKept) {}

    /** The label that the job asks for, without a version. */
    static String wanted(ReduceSpec reduce) {
        return reduce.method() == ReduceSpec.Method.NONE
                ? Provenance.NO_REDUCER
                : reduce.method() + "-" + reduce.dimensions();
    }

    /** The reducer of a method for which nothing has to be fitted. */
    static Optional<Reducer> unfitted(ReduceSpec reduce) {
        return switch (reduce.method()) {
            case NONE -> Optional.of(new NoReduction());
            case TRUNCATE -> Optional.of(new Truncation(reduce.dimensions()));
            case PCA -> Optional.empty();
        };
    }

    /** The reducer that will be used, for a person. */
    String describe(EmbeddingSpec embedding, EmbedderSpec spec) {
        String wanted = wanted(embedding.reduce());
        return unfitted(embedding.reduce()).isPresent()
                ? wanted
                : latest(embedding, spec).map(ReducerStore.Versioned::label).orElse(wanted + ", to be fitted");
    }

    /**
     * Makes sure that there is a reducer, or that there will be enough texts to fit one; a column without any text needs none.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} otherwise
     */
    void requireSample(EmbeddingSpec embedding, EmbedderSpec spec, WorkPlan.Counts counts) {
        long texts = counts.distinct() - counts.rejected();
        int dimensions = embedding.reduce().dimensions();
        boolean tooFew = embedding.reduce().method() == ReduceSpec.Method.PCA
                && !spec.granularity().hasSpans()
                && texts > 0
                && texts <= dimensions
                && latest(embedding, spec).isEmpty();
        if (tooFew) {
            throw tooFew(embedding, "distinct texts", texts);
        }
    }

    private static EmbedlakeException tooFew(EmbeddingSpec embedding, String what, long number) {
        int dimensions = embedding.reduce().dimensions();
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot fit PCA to " + dimensions + " dimensions for the column " + embedding.column() + ": there are "
                        + number + " " + what + " (at least " + (dimensions + 1) + " are needed). "
                        + (number > 2 ? "Set reduce.dimensions to at most " + (number - 1) + ", or" : "Set")
                        + " reduce.method to none.");
    }

    /**
     * The column's reducer; fitted and saved when there is none.
     *
     * @param texts how many of the column's texts have a vector
     */
    Reduction reduction(
            int index,
            EmbeddingSpec embedding,
            EmbedderSpec spec,
            SourceRows source,
            long texts,
            RunId run,
            Clock clock,
            JobObserver observer) {
        Optional<Reducer> unfitted = unfitted(embedding.reduce());
        if (unfitted.isPresent()) {
            return new Reduction(unfitted.get(), wanted(embedding.reduce()), 1);
        }
        Optional<ReducerStore.Versioned> latest = latest(embedding, spec);
        if (latest.isEmpty() && texts == 0) {
            // Nothing to fit on and nothing to make short: a later run fits the first version.
            return new Reduction(new NoReduction(), wanted(embedding.reduce()), 1);
        }
        ReducerStore.Versioned versioned = latest.orElseGet(() -> {
            observer.phase(
                    "Fitting PCA to " + embedding.reduce().dimensions() + " dimensions for " + embedding.column());
            return fit(index, embedding, spec, source, texts, run, clock);
        });
        return new Reduction(
                versioned.reducer(), versioned.label(), versioned.reducer().varianceKept());
    }

    private ReducerStore.Versioned fit(
            int index,
            EmbeddingSpec embedding,
            EmbedderSpec spec,
            SourceRows source,
            long texts,
            RunId run,
            Clock clock) {
        int dimensions = embedding.reduce().dimensions();
        long wanted = Math.max(embedding.reduce().sampleRows(), 2L * dimensions);
        long wantedTexts =
                spec.granularity() == Granularity.TOKEN ? Math.max(wanted / TOKENS_OF_A_TEXT, 2L * dimensions) : wanted;
        Dataset<Row> hashes = source.selected()
                .select(col(SourceRows.hash(index)).as(VectorStore.CONTENT_HASH))
                .where(col(VectorStore.CONTENT_HASH).isNotNull())
                .where(HashSample.of(wantedTexts, texts))
                .distinct();
        Optional<Moments> sample = PcaFitter.moments(
                vectors.sample(spec, hashes, wanted).sortWithinPartitions(VectorStore.KEY), VectorStore.VECTOR);
        long size = spec.granularity().hasSpans() ? sample.map(Moments::count).orElse(0L) : Math.min(wanted, texts);
        if (size <= dimensions) {
            throw tooFew(embedding, spec.granularity().hasSpans() ? spec.granularity() + "s" : "distinct texts", size);
        }
        PcaReducer reducer =
                PcaFitter.fit(sample.orElseThrow(() -> tooFew(embedding, "vectors in the store", 0)), dimensions);
        return reducers.saveFirst(scope(embedding, spec), reducer, size, run, clock.instant());
    }

    /** The reducer that made a published column. */
    Optional<ReducerStore.Versioned> latest(EmbeddingSpec embedding, EmbedderSpec spec) {
        ReducerStore.Scope scope = scope(embedding, spec);
        if (!known.containsKey(scope)) {
            reducers.latest(scope).ifPresent(found -> known.put(scope, found));
        }
        return Optional.ofNullable(known.get(scope));
    }

    private ReducerStore.Scope scope(EmbeddingSpec embedding, EmbedderSpec spec) {
        return new ReducerStore.Scope(
                job.target().table(),
                embedding.column(),
                spec.fingerprint(),
                embedding.reduce().dimensions());
    }
}
