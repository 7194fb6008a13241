package io.embedlake.spark;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.embed.Device;
import io.embedlake.embed.EmbedderSpec;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.embed.Granularity;
import io.embedlake.embed.Outcome;
import io.embedlake.embed.Platforms;
import io.embedlake.pipeline.EmbeddingPipeline;
import io.embedlake.pipeline.RetryPolicy;
import io.embedlake.reduce.Reducer;
import io.embedlake.spark.search.Search;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.text.Texts;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Searches a job's target with a text that is embedded and reduced like the column. Confined to the driver. */
public final class ColumnSearch {
    private final JobSpec job;
    private final Tables tables;

    public ColumnSearch(SparkSession spark, JobSpec job) {
        this.job = job;
        this.tables = new Tables(spark);
    }

    /**
     * The rows whose texts are most like the query, best first: the score, then the table's columns but for its vectors.
     *
     * @param column the vector column; the job's only one when not given
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the column was not made as the job makes it, or the
     *     query is blank
     */
    public Dataset<Row> nearest(String query, int k, Optional<String> column, Optional<String> where) {
        if (Texts.isBlank(query)) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot search: the query is blank (it is embedded like the column's texts). Give --query a text.");
        }
        if (k < 1) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION, "Cannot search: --k is " + k + " (at least 1). Ask for one row or more.");
        }
        EmbeddingSpec embedding = embedding(column);
        TargetTable target = TargetTable.open(tables, job.target().table());
        EmbedderSpec open = new FittedModels(tables, job).describe(embedding);
        Provenance made = target.provenance(embedding.column())
                .orElseThrow(
                        () -> new EmbedlakeException(
                                ErrorKind.CONFIGURATION,
                                "Cannot search " + target.table() + ": it has no vector column " + embedding.column()
                                        + " that embedlake made (a column is searched after it was embedded). Run embed first."));
        EmbedderSpec spec = SettledSpec.known(open, made.fingerprint()).orElse(open);
        if (spec.granularity() == Granularity.TOKEN) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot search the column " + embedding.column()
                            + ": each of its rows holds the vectors of many tokens (a"
                            + " query is one vector). Search a column with granularity attribute.");
        }
        target.requireFits(embedding.column(), spec, ColumnReducers.wanted(embedding.reduce()));
        return Search.nearest(
                target.rows().orElseThrow(),
                TargetShape.of(job).ids(),
                embedding.column(),
                reduce(embedding, spec, made, embed(forQueries(embedding, spec), embedding, query)),
                k,
                where);
    }

    private EmbeddingSpec embedding(Optional<String> column) {
        String names = job.embeddings().stream().map(EmbeddingSpec::column).collect(Collectors.joining(", "));
        if (column.isEmpty() && job.embeddings().size() > 1) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot search: the job has several vector columns (" + names + "). Name one with --column.");
        }
        return job.embeddings().stream()
                .filter(embedding -> embedding.column().equalsIgnoreCase(column.orElse(embedding.column())))
                .findFirst()
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot search the column " + column.orElse("") + ": the job has no such embedding (it has "
                                + names + "). Change --column."));
    }

    private static EmbedderSpec forQueries(EmbeddingSpec embedding, EmbedderSpec column) {
        return Platforms.named(embedding.platform()).forQueries(embedding.request(), column);
    }

    private static float[] embed(EmbedderSpec spec, EmbeddingSpec embedding, String query) {
        try (EmbedderPool.Lease lease = EmbedderPool.shared().lease(spec, Device.CPU);
                EmbeddingPipeline pipeline = new EmbeddingPipeline(
                        lease.embedder(), lease.batchSize(embedding.compute().batchTokens()), 1, RetryPolicy.local())) {
            Outcome outcome = pipeline.run(
                            List.of(new EmbeddingPipeline.Item<>(0, query)).iterator())
                    .next()
                    .outcome();
            if (outcome instanceof Outcome.Embedded embedded) {
                return embedded.vector();
            }
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot search: the query of " + query.length() + " characters cannot be embedded ("
                            + ((Outcome.Refused) outcome).reason() + "). Change --query.");
        }
    }

    private float[] reduce(EmbeddingSpec embedding, EmbedderSpec spec, Provenance made, float[] vector) {
        Optional<Reducer> unfitted = ColumnReducers.unfitted(embedding.reduce());
        if (unfitted.isPresent()) {
            return unfitted.get().reduce(vector);
        }
        // A column that has never held a vector has no version of a reducer yet.
        if (made.reducer().equals(ColumnReducers.wanted(embedding.reduce()))) {
            return vector;
        }
        return new ColumnReducers(
                        tables, job, new VectorStore(tables, job.target().store()))
                .latest(embedding, spec)
                .filter(reducer -> reducer.label().equals(made.reducer()))
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot search the column " + embedding.column() + ": its reducer " + made.reducer()
                                + " is not in the store " + job.target().store()
                                + " (a query is reduced like the column). Set target.store to the store that the column was"
                                + " made with."))
                .reducer()
                .reduce(vector);
    }
}
