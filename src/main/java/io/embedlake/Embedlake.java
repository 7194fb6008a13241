package io.embedlake;

import io.embedlake.config.JobSpec;
import io.embedlake.config.TableRef;
import io.embedlake.spark.Sessions;
import io.embedlake.spark.job.RowEmbedding;
import io.embedlake.spark.neighbours.JoinSide;
import io.embedlake.spark.search.ColumnOrigin;
import io.embedlake.spark.search.ColumnSearch;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The entry point: jobs that add vector columns to tables, embedding of any data set, and search. Thread-safe.
 *
 * <pre>{@code
 * Embedlake lake = Embedlake.on(spark);
 * RunReport report = lake.job("reviews")
 *         .source("catalog.schema.reviews", "review_id")
 *         .column("text_embedding", Attribute.of("text"), Model.huggingFace("BAAI/bge-small-en-v1.5"), Reduction.pca(64))
 *         .build()
 *         .run();
 * }</pre>
 */
public final class Embedlake implements AutoCloseable {
    private final SparkSession spark;
    private final Map<String, String> environment;
    private final AtomicReference<Runnable> closing;

    private Embedlake(SparkSession spark, Map<String, String> environment, Runnable closing) {
        this.spark = Objects.requireNonNull(spark);
        this.environment = Map.copyOf(environment);
        this.closing = new AtomicReference<>(closing);
    }

    /**
     * On an existing session, such as a notebook's, which closing leaves open. It needs Delta Lake's extension and catalog.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} on a serverless or shared cluster, and with an older Spark than 4.0
     */
    public static Embedlake on(SparkSession spark) {
        return new Embedlake(Sessions.usable(spark), System.getenv(), () -> {});
    }

    /**
     * On the session of this JVM, or a new one with Delta Lake and the job's settings for Spark; a new one is stopped when this is closed.
     */
    public static Embedlake open(JobFile job) {
        return open(job, System.getenv());
    }

    /** As {@link #open(JobFile)}, with variables in place of the environment's. */
    public static Embedlake open(JobFile job, Map<String, String> environment) {
        Sessions.Lease session = Sessions.lease(job.name(), job.value().spark(), environment);
        return new Embedlake(session.spark(), environment, session::close);
    }

    /** The models on this machine; needs no session. */
    public static Models models() {
        return Models.of(System.getenv(), new DownloadListener() {});
    }

    /** The session. */
    public SparkSession spark() {
        return spark;
    }

    /**
     * Begins a job.
     *
     * @param name letters, digits, {@code _ - .}; for reports
     */
    public JobBuilder job(String name) {
        return new JobBuilder(name, this::job);
    }

    /** The job of a file. */
    public EmbedJob job(JobFile file) {
        return job(file.value());
    }

    private EmbedJob job(JobSpec spec) {
        return new EmbedJob(spark(), environment, spec);
    }

    /**
     * Embeds a column of any data set, without tables: nothing is stored, and each query embeds again.
     *
     * @param rows the rows
     * @param text a column of texts
     * @param vector the name of the column that is added
     * @param model what makes the vectors: one that needs no fit and gives a text one vector
     * @return the rows, those of a partition in their order, with the column {@code vector}, an array of floats: null where the text is null, blank or one that
     *     the model can never embed. A fault of the model, key, quota or network fails the query.
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a column or the model does not fit
     */
    public Dataset<Row> embed(Dataset<Row> rows, String text, String vector, Model model) {
        return embed(rows, text, vector, model, EmbedOptions.defaults());
    }

    /** As {@link #embed(Dataset, String, String, Model)}, with options for providers. */
    public Dataset<Row> embed(Dataset<Row> rows, String text, String vector, Model model, EmbedOptions options) {
        Settings keys = Settings.NONE
                .with("job", "embed")
                .with("source", Settings.NONE.with("table", "rows").with("id", List.of("__embedlake_id")))
                .withItem(
                        "embeddings",
                        Settings.NONE
                                .with("column", vector)
                                .with("attribute", "{" + text + "}")
                                .and(model.value())
                                .with("reduce", Reduction.none().value()))
                .and(options.value());
        JobSpec spec = io.embedlake.config.JobFile.of(keys.keys(), JobFile.here());
        return RowEmbedding.of(spark(), rows, text, spec.embeddings().get(0));
    }

    /**
     * Searches a vector column that embedlake made; the table's metadata names its model and reduction.
     *
     * @param table a table identifier, as a job's target has it
     * @param column the vector column
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the table's name is none
     */
    public VectorSearch search(String table, String column) {
        TableRef named = table(table);
        return new VectorSearch(hosts -> new ColumnSearch(spark(), ColumnOrigin.of(spark(), named, column, hosts)))
                .column(column);
    }

    /**
     * Finds the nearest rows for each row of a table.
     *
     * @param table a table identifier, as a job's target has it
     * @param column a vector column; one that embedlake did not make needs {@link VectorNeighbours#id ids}
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the table's name is none
     */
    public VectorNeighbours neighbours(String table, String column) {
        return VectorNeighbours.of(
                this::spark, Embedlake::table, new JoinSide(table(table), column, List.of(), Optional.empty()));
    }

    static TableRef table(String name) {
        try {
            return TableRef.parse(name).resolve(JobFile.here());
        } catch (IllegalArgumentException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read the table: " + name + " "
                            + e.getMessage().replaceFirst("[.]?$", ". Correct the name."),
                    e);
        }
    }

    /** Stops the session if {@link #open} opened it. */
    @Override
    public void close() {
        closing.getAndSet(() -> {}).run();
    }
}
