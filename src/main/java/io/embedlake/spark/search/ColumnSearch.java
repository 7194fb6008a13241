package io.embedlake.spark.search;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.pipeline.EmbeddingPipeline;
import io.embedlake.pipeline.TextPipeline;
import io.embedlake.reduce.Reduction;
import io.embedlake.reduce.quantize.Quantizer;
import io.embedlake.spark.executor.EmbedderPool;
import io.embedlake.spark.index.IndexSearch;
import io.embedlake.spark.job.Anew;
import io.embedlake.spark.job.ColumnIndexes;
import io.embedlake.spark.job.ColumnReducers;
import io.embedlake.spark.job.FittedModels;
import io.embedlake.spark.job.JobColumn;
import io.embedlake.spark.job.SettledSpec;
import io.embedlake.spark.publish.Provenance;
import io.embedlake.spark.publish.TargetShape;
import io.embedlake.spark.publish.TargetTable;
import io.embedlake.spark.source.Columns;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.Device;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.Platforms;
import io.embedlake.text.Texts;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Searches a job's target with a text or an image that is embedded and reduced like the column. Confined to the driver. */
public final class ColumnSearch {
    /** How many rows are ranked again by their full vectors, at least. */
    private static final int CANDIDATES = 100;

    private static final int CANDIDATES_FOR_EACH = 10;

    /** The recall of a search by an index that asks for none. */
    public static final double DEFAULT_RECALL = 0.95;

    private static final String NO_FILES =
            "The whole column was searched: its index names files that the table does not have.";

    private final JobSpec job;
    private final Tables tables;

    public ColumnSearch(SparkSession spark, JobSpec job) {
        this.job = job;
        this.tables = new Tables(spark);
    }

    /**
     * The rows that are most like the query, best first: the score, then the table's columns but for its vectors.
     *
     * @param column the vector column; the job's only one when not given
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the column was not made as the job makes it, or the
     *     query is blank
     */
    public Dataset<Row> nearest(Input query, int k, Optional<String> column, Optional<String> where) {
        return nearest(query, k, column, where, DEFAULT_RECALL).rows();
    }

    /**
     * Rows that a search has found.
     *
     * @param rows the score, then the table's columns but for its vectors, best first
     * @param how what was read of an index, or why it was not used, in a sentence; empty where the column has no index
     */
    public record Found(Dataset<Row> rows, String how) {}

    /**
     * As {@link #nearest(Input, int, Optional, Optional)}, by the column's index where it has one.
     *
     * @param recall the share of the nearest rows that must be found on average, 0 to 1; with 1 the whole column is searched
     */
    public Found nearest(Input query, int k, Optional<String> column, Optional<String> where, double recall) {
        if (!(recall > 0 && recall <= 1)) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot search: recall is " + recall + " (above 0, at most 1). Change it, or leave it out.");
        }
        if (query instanceof Input.Text text && Texts.isBlank(text.text())) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot search: the query is blank (it is embedded like the column's texts). Search for a text.");
        }
        if (k < 1) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION, "Cannot search: k is " + k + " (at least 1). Ask for one row or more.");
        }
        Opened opened = opened(column);
        EmbeddingSpec embedding = opened.embedding();
        EmbedderSpec spec = opened.spec();
        if (spec.granularity() == Granularity.TOKEN) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot search the column " + embedding.column()
                            + ": each of its rows holds the vectors of many tokens (a"
                            + " query is one vector). Search a column with granularity attribute.");
        }
        TargetTable target = opened.target();
        Dataset<Row> rows = opened.rows();
        List<String> ids = TargetShape.of(job).ids();
        float[] full = embed(forQueries(embedding, spec, query.kind()), embedding, query);
        Search.Scoring proposing = scoring(opened, full);
        IndexSearch.Answer indexed = index(opened, proposing.quantizer())
                .nearest(new IndexSearch.Query(
                        proposing.query(),
                        full,
                        k,
                        recall,
                        where.map(condition -> table -> Search.filtered(table, Optional.of(condition)))));
        return indexed.hits()
                .flatMap(hits -> FoundRows.of(tables, target.table(), rows.schema(), ids, hits))
                .map(found -> new Found(found, indexed.how()))
                .orElseGet(() -> new Found(
                        exact(embedding, rows, ids, proposing, full, k, where),
                        indexed.hits().isPresent() ? NO_FILES : indexed.how()));
    }

    /**
     * A vector column that can be searched. Immutable.
     *
     * @param embedding how the job makes it
     * @param spec what made its vectors
     * @param target the table
     */
    record Opened(EmbeddingSpec embedding, EmbedderSpec spec, TargetTable target) {
        Dataset<Row> rows() {
            return target.rows().orElseThrow();
        }
    }

    Opened opened(Optional<String> column) {
        EmbeddingSpec asked = JobColumn.requested(job, column, "search");
        TargetTable target = TargetTable.open(tables, job.target().table());
        Provenance made = target.provenance(asked.column())
                .orElseThrow(
                        () -> new EmbedlakeException(
                                ErrorKind.CONFIGURATION,
                                "Cannot search " + target.table() + ": it has no vector column " + asked.column()
                                        + " that embedlake made (a column is searched after it was embedded). Run the job first."));
        FittedModels models = new FittedModels(tables, job.target());
        EmbeddingSpec embedding = models.ofColumn(asked, made.fingerprint());
        EmbedderSpec open = models.describe(embedding);
        EmbedderSpec spec = SettledSpec.known(open, made.fingerprint()).orElse(open);
        target.requireFits(embedding, spec);
        return new Opened(embedding, spec, target);
    }

    IndexSearch index(Opened opened, Optional<Quantizer> quantizer) {
        return new IndexSearch(tables, ColumnIndexes.column(job, opened.embedding(), opened.target(), quantizer));
    }

    private static Dataset<Row> exact(
            EmbeddingSpec embedding,
            Dataset<Row> rows,
            List<String> ids,
            Search.Scoring proposing,
            float[] full,
            int k,
            Optional<String> where) {
        return embedding
                .fullColumn()
                .filter(name -> Columns.find(rows.schema(), name).isPresent())
                .map(name -> Search.nearest(
                        rows,
                        ids,
                        proposing,
                        Math.max(CANDIDATES, CANDIDATES_FOR_EACH * k),
                        new Search.Scoring(name, full, Optional.empty()),
                        k,
                        where))
                .orElseGet(() -> Search.nearest(rows, ids, proposing, k, where));
    }

    private static EmbedderSpec forQueries(EmbeddingSpec embedding, EmbedderSpec column, InputKind query) {
        return Platforms.named(embedding.platform()).forQueries(embedding.request(), column, query);
    }

    private static float[] embed(EmbedderSpec spec, EmbeddingSpec embedding, Input query) {
        try (EmbedderPool.Lease lease = EmbedderPool.ofJvm().lease(spec, Device.CPU);
                TextPipeline pipeline = TextPipeline.of(
                        lease.embedder(), lease.batchSize(embedding.compute().batchTokens()), 1)) {
            Outcome outcome = pipeline.run(
                            List.of(new EmbeddingPipeline.Item<>(0, query)).iterator())
                    .next()
                    .outcome();
            pipeline.stopped().ifPresent(why -> {
                throw why;
            });
            if (outcome instanceof Outcome.Embedded embedded) {
                return embedded.vector();
            }
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot search: " + query + " cannot be embedded (" + ((Outcome.Refused) outcome).reason()
                            + "). Change the query.");
        }
    }

    /** How the published vectors are scored: the query is reduced like them, and compared with the decoded vectors. */
    private Search.Scoring scoring(Opened opened, float[] vector) {
        String column = opened.embedding().column();
        return reduction(opened)
                .map(reduction -> new Search.Scoring(column, reduction.reducer().reduce(vector), reduction.quantizer()))
                .orElseGet(() -> new Search.Scoring(column, vector, Optional.empty()));
    }

    /** How a column's vectors were made short; nothing where it has never held one, which has no version of a reduction yet. */
    Optional<Reduction> reduction(Opened opened) {
        String column = opened.embedding().column();
        Provenance made = opened.target().provenance(column).orElseThrow();
        opened.target().comingReducer(column).ifPresent(coming -> {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot search the column " + column + ": its vectors are being replaced, those of "
                            + made.reducer()
                            + " by those of " + coming
                            + " (vectors of two reductions are never compared). Search again when"
                            + " the run has ended, or start embed once more if it was stopped.");
        });
        if (made.reducer().equals(opened.embedding().reduce().label())) {
            return Optional.empty();
        }
        return Optional.of(new ColumnReducers(
                        tables, job, new VectorStore(tables, job.target().store()), Anew.NOTHING)
                .named(opened.embedding(), opened.spec(), made.reducer())
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot search the column " + column + ": its reducer " + made.reducer()
                                + " is not in the store "
                                + job.target().store()
                                + " (a query is reduced like the column). Set target.store to the store that the column was"
                                + " made with.")));
    }
}
