package io.embedlake.spark.job;

import io.embedlake.config.JobSpec;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.remote.limit.Pace;
import io.embedlake.spark.executor.EmbedderPool;
import io.embedlake.spark.executor.ShippedModel;
import io.embedlake.spark.limit.LimitRoutes;
import io.embedlake.spark.publish.Publisher;
import io.embedlake.spark.run.ActiveSession;
import io.embedlake.spark.run.Cancellation;
import io.embedlake.spark.run.JobContext;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.run.RunJobs;
import io.embedlake.spark.source.SourceRows;
import io.embedlake.spark.source.SourceText;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spark.store.TableVersions;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.apache.spark.sql.SparkSession;

/**
 * The only type that spans all steps: source, plan, waves, reduce, publish, report. Confined to the driver; one run an
 * instance. It opens no session and closes none.
 *
 * <p>All steps of a run read the version of the source that was current when it began ({@link SourceRows}).
 */
public final class EmbeddingJob {
    private final PhaseLabels labels;
    private final JobContext context;
    private final Refit refit;
    private final Planner planner;
    private final FittedModels models;
    private final ColumnReducers reducers;
    private final LimitRoutes limits;
    private final WaveRunner waves;
    private final BatchWaves batches;
    private final Cancellation cancellation;

    public EmbeddingJob(SparkSession spark, JobSpec job, RunId run, Clock clock, JobObserver observer) {
        this(spark, job, Refit.NONE, run, clock, observer);
    }

    public EmbeddingJob(SparkSession spark, JobSpec job, Refit refit, RunId run, Clock clock, JobObserver observer) {
        this(spark, job, refit, run, clock, observer, new Cancellation(run));
    }

    /**
     * A job that another thread may stop.
     *
     * @param cancellation for this run only
     */
    public EmbeddingJob(
            SparkSession spark,
            JobSpec job,
            Refit refit,
            RunId run,
            Clock clock,
            JobObserver observer,
            Cancellation cancellation) {
        this.cancellation = cancellation;
        this.labels = new PhaseLabels(spark.sparkContext(), cancellation.watching(observer));
        this.context = new JobContext(spark, job, run, clock, labels);
        this.refit = refit;
        this.planner = new Planner(context.store());
        this.models = new FittedModels(context.tables(), job.target());
        this.reducers = new ColumnReducers(context.tables(), job, context.store(), refit);
        this.limits = new LimitRoutes(context.sparkContext(), Pace.STRICT);
        Spending spending = new Spending();
        this.waves = new WaveRunner(context, spending);
        this.batches = new BatchWaves(context, spending, cancellation::sleep);
    }

    /**
     * Describes what {@link #run()} would do. Loads tokenizers, no model; writes nothing.
     *
     * @throws EmbedlakeException as {@link #run()} does before any work
     */
    public WorkPlan plan() {
        try (labels;
                ActiveSession active = ActiveSession.of(context.spark())) {
            labels.phase("Reading " + context.job().source().table());
            try (SourceRows source = SourceRows.read(context.tables(), context.job());
                    SmallReads reads = SmallReads.of(context.spark(), source)) {
                return plan(source);
            }
        }
    }

    private WorkPlan plan(SourceRows source) {
        List<PlannedColumn> columns = planned(source, new JobChecks(context, models).requireFits(source));
        JobPlans plans = new JobPlans(context, reducers, batches);
        List<WorkPlan.ColumnPlan> withTokens = new ArrayList<>();
        for (PlannedColumn column : columns) {
            labels.phase("Counting tokens for " + column.column().name());
            ShippedModel.offer(context.sparkContext(), column.column().spec());
            withTokens.add(plans.column(
                    column,
                    planner.estimate(
                            column,
                            context.runs()
                                    .tokensPerSecond(column.column().spec().fingerprint()),
                            context.slots())));
        }
        return plans.job(columns, withTokens);
    }

    /**
     * Does everything.
     *
     * @throws CancellationException when another thread stopped it; what was embedded is kept
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} or {@link ErrorKind#STORAGE} before any work when the job
     *     does not fit its tables; the same kinds later when a table changes under the job
     */
    public RunRecord run() {
        return replay(Set.of());
    }

    /**
     * As {@link #run()}, and texts rejected for one of these kinds are tried again; those that fail once more are rejected
     * again.
     */
    public RunRecord replay(Set<ErrorKind> kinds) {
        RunningRecord running = RunningRecord.of(context);
        try (labels;
                ActiveSession active = ActiveSession.of(context.spark());
                RunJobs jobs = cancellation.open(context.sparkContext())) {
            RunRecord record = workOrRecordFailure(running, kinds, jobs);
            jobs.finish();
            labels.phase("Logging the run");
            context.runs().append(record);
            return record;
        } finally {
            EmbedderPool.ofJvm().closeIdle();
            limits.close();
        }
    }

    private RunRecord workOrRecordFailure(RunningRecord running, Set<ErrorKind> again, RunJobs jobs) {
        try {
            return work(running, again);
        } catch (RuntimeException e) {
            RuntimeException why = jobs.failed(e);
            recordFailure(running, why);
            throw why;
        }
    }

    private RunRecord work(RunningRecord running, Set<ErrorKind> again) {
        JobSpec job = context.job();
        labels.phase("Reading " + job.source().table());
        TableVersions versions = context.newestVersions();
        try (SourceRows source = SourceRows.read(context.tables(), job, versions.source());
                SmallReads reads = SmallReads.of(context.spark(), source)) {
            return work(running, again, versions, source);
        }
    }

    private RunRecord work(RunningRecord running, Set<ErrorKind> again, TableVersions versions, SourceRows source) {
        JobSpec job = context.job();
        List<JobColumn> columns = models.fitted(new JobChecks(context, models).requireFits(source), context);
        if (!again.isEmpty()) {
            columns.forEach(column -> context.store().forgetRejected(column.spec(), again));
        }
        LastRun last = LastRun.of(context);
        boolean asksForSame = again.isEmpty()
                && refit == Refit.NONE
                && source.texts().stream().noneMatch(SourceText::isOfFiles)
                && columns.stream().noneMatch(column -> batches.areOpen(column.spec()));
        Optional<RunRecord> same = asksForSame ? last.unchanged(versions, columns) : Optional.empty();
        if (same.isPresent()) {
            labels.phase("Nothing has changed since the run " + same.get().run());
            return running.repeats(same.get(), versions);
        }
        if (context.tables().exists(job.target().store())) {
            columns.forEach(column -> waves.recover(column.spec()));
        }
        List<PlannedColumn> planned = planned(source, columns);
        labels.planned(new JobPlans(context, reducers, batches).of(planned));
        context.tables().requireWritable(job.target().table());
        return publish(running, versions, last, reduced(planned));
    }

    /** The columns with what is left to do for each. */
    private List<PlannedColumn> planned(SourceRows source, List<JobColumn> columns) {
        return Failures.on(
                "read the rows of " + context.job().source().table(), "Correct source.where, or the table.", () -> {
                    source.requireUniqueIds();
                    List<PlannedColumn> planned =
                            columns.stream().map(planner::planned).toList();
                    planned.forEach(reducers::requireSample);
                    return planned;
                });
    }

    /** All models are loaded before any text is embedded; then one column is done after the other. */
    private List<ReducedColumn> reduced(List<PlannedColumn> planned) {
        ColumnModels loading =
                new ColumnModels(context.store(), limits, context.sparkContext().isLocal());
        ColumnEmbedding embedding = new ColumnEmbedding(context, planner, loading, waves, batches);
        List<PlannedColumn> loaded = planned.stream().map(embedding::loaded).toList();
        context.store()
                .create(loaded.stream().map(column -> column.column().spec()).toList());
        List<ReducedColumn> reduced = new ArrayList<>();
        for (PlannedColumn column : loaded) {
            EmbeddedColumn embedded = embedding.embed(column);
            ColumnReducers.Chosen chosen = Failures.on(
                    "reduce the vectors of the column " + column.column().name(),
                    "Correct what it names and start the job again.",
                    () -> reducers.choose(embedded, context));
            reduced.add(new ReducedColumn(embedded, chosen));
        }
        return reduced;
    }

    private RunRecord publish(
            RunningRecord running, TableVersions versions, LastRun last, List<ReducedColumn> columns) {
        JobSpec job = context.job();
        List<ColumnRecord> records = columns.stream().map(ReducedColumn::record).toList();
        Publisher.Published done = Publisher.Published.NOTHING;
        if (!last.published(records, versions)) {
            columns.get(0).embedded().column().text().source().requireSameTable(context.tables());
            labels.phase("Publishing to " + job.target().table());
            done = new Publisher(context)
                    .publish(columns.stream()
                            .flatMap(column -> column.published(context.store()).stream())
                            .toList());
        }
        WorkPlan.Counts counts = columns.get(0).embedded().counts();
        return running.ends(
                versions.leave(context.newestVersions(), done.commits()),
                counts.blank() + counts.withText(),
                done.rows(),
                records);
    }

    /** A failure that cannot be recorded is not worth hiding the first one. */
    private void recordFailure(RunningRecord running, RuntimeException failure) {
        if (!context.tables().exists(context.job().target().store())) {
            return;
        }
        try {
            context.runs().append(running.fails(failure));
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
