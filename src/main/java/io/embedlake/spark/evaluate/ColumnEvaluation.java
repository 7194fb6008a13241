package io.embedlake.spark.evaluate;

import static org.apache.spark.sql.functions.any_value;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.spark.job.Anew;
import io.embedlake.spark.job.ColumnReducers;
import io.embedlake.spark.job.FittedModels;
import io.embedlake.spark.job.JobColumn;
import io.embedlake.spark.job.PhaseLabels;
import io.embedlake.spark.job.Planner;
import io.embedlake.spark.job.ReducerFitting;
import io.embedlake.spark.job.SettledSpec;
import io.embedlake.spark.job.SmallReads;
import io.embedlake.spark.ml.SampleVectors;
import io.embedlake.spark.publish.Provenance;
import io.embedlake.spark.publish.TargetTable;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.source.Columns;
import io.embedlake.spark.source.SourceRows;
import io.embedlake.spark.source.SourceText;
import io.embedlake.spark.store.ReducerStore;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Measures reductions on a job's own vectors in the store: embeds nothing and writes nothing. Confined to the
 * driver.
 */
public final class ColumnEvaluation {
    private static final String GROUP = SourceRows.PREFIX + "group";

    private final SparkSession spark;
    private final JobSpec job;
    private final Tables tables;
    private final VectorStore store;
    private final PhaseLabels observer;

    public ColumnEvaluation(SparkSession spark, JobSpec job, JobObserver observer) {
        this.spark = spark;
        this.job = job;
        this.tables = new Tables(spark);
        this.store = new VectorStore(tables, job.target().store());
        this.observer = new PhaseLabels(spark.sparkContext(), observer);
    }

    /**
     * Tries the column's reduction and others of its size and smaller.
     *
     * @param column the vector column; the job's only one when not given
     * @param rows how many vectors, drawn at random
     * @param colorBy the source's column that colours the map
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there are too few vectors in the store, or no such column
     */
    public Evaluation evaluate(Optional<String> column, int rows, Optional<String> colorBy) {
        try (observer) {
            EmbeddingSpec asked = JobColumn.requested(job, column, "evaluate");
            observer.phase("Reading the vectors of " + asked.column());
            try (SourceRows source = SourceRows.read(tables, job);
                    SmallReads reads = SmallReads.of(spark, source)) {
                return evaluate(asked, source, rows, colorBy);
            }
        }
    }

    private Evaluation evaluate(EmbeddingSpec asked, SourceRows source, int rows, Optional<String> colorBy) {
        SourceText text = source.texts().get(job.embeddings().indexOf(asked));
        EmbeddingSpec embedding = JobColumn.embedding(asked, text);
        EmbedderSpec spec = spec(embedding);
        JobColumn jobColumn = new JobColumn(embedding, text, spec);
        long texts = new Planner(store).counts(jobColumn).embedded();
        if (texts == 0) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot evaluate the column " + embedding.column() + ": the store "
                            + job.target().store()
                            + " has no vectors of its texts by " + spec.label()
                            + " (what is embedded is evaluated). Run the job first.");
        }
        Dataset<Row> vectorsOfColumn = new ReducerFitting(store, jobColumn, texts).sample(rows);
        Dataset<Row> sample = withGroups(vectorsOfColumn, jobColumn, colorBy).persist(StorageLevel.MEMORY_AND_DISK());
        try {
            float[][] vectors = SampleVectors.first(sample, VectorStore.KEY, VectorStore.VECTOR, rows);
            List<String> groups =
                    colorBy.isEmpty() ? Collections.nCopies(vectors.length, "") : groups(sample, vectors.length);
            observer.phase("Trying reductions of " + vectors.length + " vectors");
            return Evaluator.evaluate(
                    embedding.column(),
                    spec.label(),
                    embedding.reduce(),
                    new ColumnReducers(tables, job, store, Anew.NOTHING)
                            .latest(embedding, spec)
                            .map(ReducerStore.Versioned::fit),
                    vectors,
                    groups);
        } finally {
            sample.unpersist();
        }
    }

    /** The spec that made the column, or else the store's vectors. */
    private EmbedderSpec spec(EmbeddingSpec embedding) {
        EmbedderSpec open = new FittedModels(tables, job.target()).describe(embedding);
        Optional<String> made = TargetTable.open(tables, job.target().table())
                .provenance(embedding.column())
                .map(Provenance::fingerprint);
        return new SettledSpec(spark.sparkContext(), embedding.compute().device()).of(open, made, store::has);
    }

    private static Dataset<Row> withGroups(Dataset<Row> sample, JobColumn column, Optional<String> colorBy) {
        if (colorBy.isEmpty()) {
            return sample;
        }
        String name = colorBy.get();
        SourceRows source = column.text().source();
        EmbedderSpec spec = column.spec();
        boolean isThere = Columns.find(source.columns(), name).isPresent();
        if (!isThere || spec.granularity().hasSpans()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot colour the map of " + column.name() + " by " + name + ": "
                            + (isThere
                                    ? "its vectors are of " + spec.granularity() + "s (a colour belongs to a row)"
                                    : "the source has no such column")
                            + ". Name another column.");
        }
        Dataset<Row> groups = source.selected()
                .groupBy(col(column.text().hash()).as(VectorStore.KEY))
                .agg(any_value(col(Columns.quoted(name)).cast("string")).as(GROUP));
        return sample.join(groups, VectorStore.KEY);
    }

    private static List<String> groups(Dataset<Row> sample, int rows) {
        return sample
                .orderBy(VectorStore.KEY)
                .limit(rows)
                .select(coalesce(col(GROUP), lit("")))
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }
}
