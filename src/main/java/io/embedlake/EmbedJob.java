package io.embedlake;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.retry.Sleeper;
import io.embedlake.spark.SessionCopies;
import io.embedlake.spark.evaluate.ColumnEvaluation;
import io.embedlake.spark.evaluate.Evaluation;
import io.embedlake.spark.job.EmbeddingJob;
import io.embedlake.spark.job.Follow;
import io.embedlake.spark.job.JobColumn;
import io.embedlake.spark.neighbours.JoinSide;
import io.embedlake.spark.publish.TargetShape;
import io.embedlake.spark.report.RunScribe;
import io.embedlake.spark.report.RunStory;
import io.embedlake.spark.report.RunStory.Ending;
import io.embedlake.spark.run.Cancellation;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.run.Progress;
import io.embedlake.spark.search.ColumnSearch;
import io.embedlake.spark.search.SampledColumns;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.upkeep.CompactedStore;
import io.embedlake.spark.upkeep.StoreContents;
import io.embedlake.spark.upkeep.StoredFingerprint;
import io.embedlake.spark.upkeep.Upkeep;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * A job on a Spark session: checked and complete, but not started. Immutable and thread-safe: it can be run any number of
 * times, by several threads and beside other jobs; what is there already is never embedded again.
 *
 * <p>Where the job has settings for Spark, it works in a child session with the same other settings.
 */
public final class EmbedJob {
    /** On the page about a run. */
    private static final int SAMPLED_ROWS = 4;

    private static final int NEAREST = 3;

    private final SparkSession spark;
    private final Map<String, String> environment;
    private final JobSpec spec;

    EmbedJob(SparkSession spark, Map<String, String> environment, JobSpec spec) {
        this.spark = spark;
        this.environment = environment;
        this.spec = spec;
    }

    /** The job's name. */
    public String name() {
        return spec.job();
    }

    /** The vector columns, in the job's order, excluding the {@code _full} ones. */
    public List<String> columns() {
        return spec.embeddings().stream().map(EmbeddingSpec::column).toList();
    }

    /** The table that gets the vector columns. */
    public String target() {
        return spec.target().table().toString();
    }

    /** The table that keeps every vector ever made; {@code _rejected}, {@code _runs} and {@code _reducers} are beside it. */
    public String store() {
        return spec.target().store().toString();
    }

    /** The table of the texts that got no vector, with the reasons. */
    public String rejectedTable() {
        return spec.target().store().sibling("_rejected").toString();
    }

    /** Queries to try when the job is done. */
    public List<String> searches() {
        return spec.searches();
    }

    /** The job by key, defaults included and paths resolved: two jobs that do the same read the same. Secrets appear as references. */
    public SortedMap<String, String> describe() {
        return spec.describe();
    }

    /**
     * What {@link #run()} would do, how long it would take and what it would cost. Loads tokenizers, no model; writes nothing.
     *
     * @throws EmbedlakeException as {@link #run()} does before any work
     */
    public WorkPlan plan() {
        return plan(RunOptions.defaults());
    }

    /** As {@link #plan()}, for a run with these options. */
    public WorkPlan plan(RunOptions options) {
        RunId run = newRun();
        return job(run, options, options.observer(), new Cancellation(run)).plan();
    }

    /**
     * Embeds what is not embedded yet and publishes the vector columns; returns when that is done.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} or {@link ErrorKind#STORAGE} when the job does not fit its tables, model
     *     or provider; {@link ErrorKind#EXHAUSTED} when a quota or budget is used up: all that is paid for is kept, and the next run
     *     resumes
     */
    public RunReport run() {
        return run(RunOptions.defaults());
    }

    /** As {@link #run()}, with options. */
    public RunReport run(RunOptions options) {
        RunId run = newRun();
        return run(run, options, options.observer(), new Cancellation(run));
    }

    /** As {@link #run()}, and texts are tried again that were rejected for these reasons. */
    public RunReport replay(ErrorKind... kinds) {
        return run(RunOptions.defaults().retry(kinds));
    }

    /**
     * Runs the job whenever its source has a new version, until this thread is interrupted. Each run looks at the rows that have changed since
     * the last that ended; a process that was killed goes on where it was.
     *
     * @param every how often the source is looked at
     * @param ended receives the report of each run, on this thread
     * @throws EmbedlakeException of a run; at once when it would fail again, after five failures in a row when it might pass
     * @throws InterruptedException when this thread is interrupted
     */
    public void follow(RunOptions options, Duration every, Consumer<RunReport> ended) throws InterruptedException {
        Tables tables = new Tables(session());
        new Follow(
                        () -> tables.newestVersion(spec.source().table()),
                        () -> {
                            RunId run = newRun();
                            return record(run, options, options.observer(), new Cancellation(run));
                        },
                        every,
                        Sleeper.REAL,
                        new Follow.Observer() {
                            @Override
                            public void ended(RunRecord run) {
                                ended.accept(report(run));
                            }

                            @Override
                            public void failed(EmbedlakeException why, Duration pause) {
                                options.observer()
                                        .phase("A run has failed and is begun again in " + Progress.readable(pause)
                                                + ": " + why.getMessage());
                            }
                        })
                .run();
    }

    /** Starts {@link #run()} on its own thread. */
    public JobRun start() {
        return start(RunOptions.defaults());
    }

    /** As {@link #start()}, with options. */
    public JobRun start(RunOptions options) {
        RunId run = newRun();
        return new JobRun(
                run, options.observer(), (observer, cancellation) -> run(run, options, observer, cancellation));
    }

    private RunReport run(RunId run, RunOptions options, JobObserver observer, Cancellation cancellation)
            throws CancellationException {
        return report(record(run, options, observer, cancellation));
    }

    private RunRecord record(RunId run, RunOptions options, JobObserver observer, Cancellation cancellation) {
        if (options.page().isEmpty()) {
            return job(run, options, observer, cancellation).replay(options.retried());
        }
        RunPageFile page = options.page().get();
        page.requireWritable();
        RunScribe scribe = new RunScribe(observer, Clock.systemUTC());
        EmbeddingJob job = job(run, options, scribe, cancellation);
        try {
            RunRecord record = job.replay(options.retried());
            RunReport report = report(record);
            RunStory story = scribe.story(
                    record,
                    report.tooManyRejected()
                            ? Ending.rejected(report.errorRate(), report.maxErrorRate())
                            : Ending.done());
            write(page, sampled(story, page, observer), observer);
            return record;
        } catch (RuntimeException e) {
            job.failure()
                    .ifPresent(record -> writeOrSuppress(page, scribe.story(record, Ending.failed(e)), observer, e));
            throw e;
        }
    }

    /** The run is over and well: what cannot be shown of it is said, and changes nothing. */
    private RunStory sampled(RunStory story, RunPageFile page, JobObserver observer) {
        try {
            return story.with(new SampledColumns(session(), spec, page.shown()).samples(SAMPLED_ROWS, NEAREST));
        } catch (RuntimeException e) {
            observer.phase("The page about the run has no nearest rows: " + Failures.brief(e));
            return story;
        }
    }

    /** What an observer throws hides no failure. */
    private static void writeOrSuppress(
            RunPageFile page, RunStory story, JobObserver observer, RuntimeException failure) {
        try {
            write(page, story, observer);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private static void write(RunPageFile page, RunStory story, JobObserver observer) {
        try {
            page.write(story);
            observer.phase("Wrote " + page.file());
        } catch (IOException e) {
            observer.phase("The page about the run could not be written to " + page.file() + " ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    private RunReport report(RunRecord run) {
        return new RunReport(run, spec.maxErrorRate());
    }

    private EmbeddingJob job(RunId run, RunOptions options, JobObserver observer, Cancellation cancellation) {
        return new EmbeddingJob(session(), spec, options.anew(), run, Clock.systemUTC(), observer, cancellation);
    }

    private static RunId newRun() {
        return RunId.of(Clock.systemUTC().instant(), UUID.randomUUID());
    }

    /** Searches the job's only vector column. */
    public VectorSearch search() {
        return new VectorSearch(ignored -> new ColumnSearch(session(), spec));
    }

    /** Searches one of the job's vector columns. */
    public VectorSearch search(String column) {
        return search().column(column);
    }

    /**
     * Finds the nearest rows for each row of the job's target, by its only vector column.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the job has several
     */
    public VectorNeighbours neighbours() {
        return neighbours(Optional.empty());
    }

    /** Finds the nearest rows for each row of the job's target, by one of its vector columns. */
    public VectorNeighbours neighbours(String column) {
        return neighbours(Optional.of(column));
    }

    private VectorNeighbours neighbours(Optional<String> column) {
        String named = JobColumn.requested(spec, column, "find neighbours").column();
        return VectorNeighbours.of(
                this::session,
                Embedlake::table,
                new JoinSide(spec.target().table(), named, TargetShape.of(spec).ids(), Optional.empty()));
    }

    /**
     * Measures the column's reduction, and others of its size and smaller, on its own vectors. Embeds and writes nothing.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there are too few vectors in the store, or no such column
     */
    public Evaluation evaluate(EvaluateOptions options) {
        return new ColumnEvaluation(session(), spec, options.observer())
                .evaluate(options.column(), options.rows(), options.colorBy());
    }

    /**
     * Makes large files of the small ones of the store's tables, and removes runs from its log that are older than 400 days and that
     * nothing goes back to.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is no store yet, {@link ErrorKind#STORAGE} when a table cannot be
     *     written, or another writer was faster: nothing is lost then
     */
    public CompactedStore compact(JobObserver observer) {
        return new Upkeep(new Tables(session()), spec.target().store(), Clock.systemUTC(), observer).byHand();
    }

    /**
     * What the job's store holds, those fingerprints with most bytes first. No vector is read.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is no store yet
     */
    public List<StoredFingerprint> stored() {
        return contents().all();
    }

    /**
     * Removes vectors, rejected texts and reducers of a fingerprint from the job's store. Their files go with the next VACUUM.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a column uses it; {@link ErrorKind#STORAGE} when a table cannot be
     *     written, or another writer was faster
     */
    public void remove(StoredFingerprint stored) {
        contents().remove(stored);
    }

    private StoreContents contents() {
        return new StoreContents(new Tables(session()), spec.target().store());
    }

    private SparkSession session() {
        return SessionCopies.with(spark, spec.spark(), environment);
    }

    @Override
    public String toString() {
        return "job " + name();
    }
}
