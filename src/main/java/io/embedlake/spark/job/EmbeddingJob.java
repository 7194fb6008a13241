package io.embedlake.spark.job;

import io.embedlake.config.Compact;
import io.embedlake.config.JobSpec;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.remote.limit.Pace;
import io.embedlake.spark.executor.EmbedderPool;
import io.embedlake.spark.executor.ShippedModel;
import io.embedlake.spark.limit.LimitRoutes;
import io.embedlake.spark.metrics.RunMetrics;
import io.embedlake.spark.publish.Publisher;
import io.embedlake.spark.run.Cancellation;
import io.embedlake.spark.run.JobContext;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.run.LogNames;
import io.embedlake.spark.run.RunJobs;
import io.embedlake.spark.source.SourceRows;
import io.embedlake.spark.sql.ActiveSession;
import io.embedlake.spark.sql.AtOnce;
import io.embedlake.spark.store.BegunRun;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spark.store.TableVersions;
import io.embedlake.spark.upkeep.Upkeep;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;

/**
 * The only type that spans all steps: source, plan, waves, reduce, publish, report. Confined to the driver; one run an
 * instance. It opens no session and closes none.
 *
 * <p>All steps of a run read the version of the source that was current when it began ({@link SourceRows}).
 */
public final class EmbeddingJob {
    private final RunMetrics metrics;
    private final PhaseLabels labels;
    private final JobContext context;
    private final Anew anew;
    private final Planner planner;
    private final FittedModels models;
    private final ColumnReducers reducers;
    private final ColumnIndexes indexes;
    private final LimitRoutes limits;
    private final WaveRunner waves;
    private final BatchWaves batches;
    private final Cancellation cancellation;
    private Optional<RunRecord> failure = Optional.empty();

    public EmbeddingJob(SparkSession spark, JobSpec job, RunId run, Clock clock, JobObserver observer) {
        this(spark, job, Anew.NOTHING, run, clock, observer);
    }

    public EmbeddingJob(SparkSession spark, JobSpec job, Anew anew, RunId run, Clock clock, JobObserver observer) {
        this(spark, job, anew, run, clock, observer, new Cancellation(run));
    }

    /**
     * A job that another thread may stop.
     *
     * @param cancellation for this run only
     */
    public EmbeddingJob(
            SparkSession spark,
            JobSpec job,
            Anew anew,
            RunId run,
            Clock clock,
            JobObserver observer,
            Cancellation cancellation) {
        this.cancellation = cancellation;
        this.limits = new LimitRoutes(spark.sparkContext(), Pace.STRICT);
        this.metrics = new RunMetrics(spark.sparkContext().env().metricsSystem(), job.job(), limits::traffic, observer);
        this.labels = new PhaseLabels(spark.sparkContext(), cancellation.watching(metrics));
        this.context = new JobContext(spark, job, run, clock, labels);
        this.anew = anew;
        this.planner = new Planner(context.store());
        this.models = new FittedModels(context.tables(), job.target());
        this.reducers = new ColumnReducers(context.tables(), job, context.store(), anew);
        this.indexes = new ColumnIndexes(context, reducers);
        Spending spending = new Spending();
        this.waves = new WaveRunner(context, spending, limits::traffic);
        this.batches = new BatchWaves(context, spending, cancellation::sleep);
    }

    /**
     * Describes what {@link #run()} would do. Loads tokenizers, no model; writes nothing.
     *
     * @throws EmbedlakeException as {@link #run()} does before any work
     */
    public WorkPlan plan() {
        try (labels;
                ActiveSession active = ActiveSession.of(context.spark());
                ExecutorWatch executors = ExecutorWatch.of(context.sparkContext(), labels)) {
            labels.phase("Reading " + context.job().source().table());
            TableVersions versions = context.newestVersions();
            try (SourceRows source = SourceRows.read(context.tables(), context.job(), versions.source());
                    SmallReads reads = SmallReads.of(context.spark(), source)) {
                return plan(source, versions);
            }
        }
    }

    private WorkPlan plan(SourceRows source, TableVersions versions) {
        List<JobColumn> all = new JobChecks(context, models).requireFits(source);
        Look look = look(source, all, LastRun.of(context), versions, Set.of());
        try (Looked looked = looked(look, source, all)) {
            return plan(looked);
        }
    }

    private WorkPlan plan(Looked looked) {
        List<PlannedColumn> columns = planned(looked);
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
                            context.slots().now())));
        }
        return plans.job(columns, withTokens, looked.look());
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
        try (LogNames names = LogNames.of(context.job().job(), context.run().text());
                RunMetrics counted = metrics.begin();
                labels;
                ActiveSession active = ActiveSession.of(context.spark());
                ExecutorWatch executors = ExecutorWatch.of(context.sparkContext(), labels);
                waves;
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
        } catch (Exception e) {
            // Spark throws checked exceptions that it does not declare.
            RuntimeException why = jobs.failed(
                    Failures.ofCluster("run the job " + context.job().job(), e));
            metrics.failed();
            recordFailure(running, why);
            throw why;
        }
    }

    /** What the run did, when it has failed or was cancelled. */
    public Optional<RunRecord> failure() {
        return failure;
    }

    private RunRecord work(RunningRecord running, Set<ErrorKind> again) {
        JobSpec job = context.job();
        labels.phase("Reading " + job.source().table());
        TableVersions versions = context.newestVersions();
        try (SourceRows source = SourceRows.read(context.tables(), job, versions.source());
                SmallReads reads = SmallReads.of(context.spark(), source)) {
            return workOrSayWhatIsGone(running, again, versions, source);
        }
    }

    /** Files of a source that was replaced are gone, too. */
    private RunRecord workOrSayWhatIsGone(
            RunningRecord running, Set<ErrorKind> again, TableVersions versions, SourceRows source) {
        try {
            return work(running, again, versions, source);
        } catch (Exception e) {
            if (Failures.isGone(e)) {
                source.requireSameTable(context.tables());
            }
            throw e;
        }
    }

    private RunRecord work(RunningRecord running, Set<ErrorKind> again, TableVersions versions, SourceRows source) {
        JobSpec job = context.job();
        List<JobColumn> columns = models.fitted(new JobChecks(context, models).requireFits(source), context);
        if (!again.isEmpty()) {
            columns.forEach(column -> context.store().forgetRejected(column.spec(), again));
        }
        LastRun last = LastRun.of(context);
        Look look = look(source, columns, last, versions, again);
        if (look instanceof Look.Changes changes && changes.files().areNone()) {
            return unchanged(running, versions, changes, columns);
        }
        if (context.tables().exists(job.target().store())) {
            columns.forEach(column -> waves.recover(column.spec()));
        }
        try (Looked looked = looked(look, source, columns)) {
            if (looked.look() instanceof Look.Changes changes && !looked.rows().haveChanged()) {
                return unchanged(running, versions, changes, columns);
            }
            List<PlannedColumn> planned = AtOnce.checked(
                    () -> context.tables().requireWritable(job.target().table()), () -> planned(looked));
            labels.planned(new JobPlans(context, reducers, batches).of(planned, looked.look()));
            return publish(running, versions, last, reduced(planned), looked.look());
        }
    }

    private RunRecord unchanged(
            RunningRecord running, TableVersions versions, Look.Changes look, List<JobColumn> columns) {
        labels.phase("Nothing has changed since the run " + look.last().run());
        indexes.follow(columns, anew);
        return running.repeats(look.last(), versions, look);
    }

    private Look look(
            SourceRows source, List<JobColumn> columns, LastRun last, TableVersions versions, Set<ErrorKind> again) {
        if (anew != Anew.NOTHING) {
            return new Look.Everything(
                    anew == Anew.ROWS ? "the run was asked to" : "new versions of the reductions are fitted");
        }
        if (!again.isEmpty()) {
            return new Look.Everything("rejected texts are tried again");
        }
        if (columns.stream().anyMatch(column -> batches.areOpen(column.spec()))) {
            return new Look.Everything("batches of a provider are under way");
        }
        return new Look.Decision(context, last, versions, source).of(columns, reducers);
    }

    /** Changed rows are read at once: where files of earlier versions are gone, all rows are looked at. */
    private Looked looked(Look look, SourceRows source, List<JobColumn> columns) {
        if (!(look instanceof Look.Changes changes)) {
            return new Looked(look, source, columns);
        }
        labels.phase("Looking at the " + look);
        try {
            Optional<SourceRows> rows = source.changed(context.tables(), context.job(), changes.files());
            if (rows.isPresent()) {
                return new Looked(look, rows.get(), columns);
            }
        } catch (Exception e) {
            if (!Failures.isGone(e)) {
                throw e;
            }
        }
        return new Looked(
                new Look.Everything("files of version " + changes.since() + " of the source are gone"),
                source,
                columns);
    }

    /**
     * The rows that a run looks at. Immutable; closed with its rows, where they are not all rows of the source.
     *
     * @param look which ones they are
     * @param columns the columns, reading their texts from the rows
     */
    private record Looked(Look look, SourceRows rows, List<JobColumn> columns) implements AutoCloseable {
        Looked {
            columns = columns.stream().map(column -> column.of(rows)).toList();
        }

        @Override
        public void close() {
            rows.close();
        }
    }

    /** The columns with what is left to do for each. */
    private List<PlannedColumn> planned(Looked looked) {
        return Failures.on(
                "read the rows of " + context.job().source().table(), "Correct source.where, or the table.", () -> {
                    List<PlannedColumn> planned =
                            AtOnce.checked(looked.rows()::requireUniqueIds, () -> looked.columns().stream()
                                    .map(planner::planned)
                                    .toList());
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
            RunningRecord running, TableVersions versions, LastRun last, List<ReducedColumn> columns, Look look) {
        BegunRun run = new BegunRun(context.run(), versions);
        AtOnce.Both<Publisher.Published, List<ColumnRecord>> both =
                AtOnce.both(() -> published(run, last, columns, look), () -> records(run, columns));
        Publisher.Published done = both.one();
        List<ColumnRecord> records = both.other();
        indexes.follow(
                columns.stream().map(column -> column.embedded().column()).toList(), anew);
        compact();
        WorkPlan.Counts counts = columns.get(0).embedded().counts();
        return running.ends(
                versions.leave(context.newestVersions(), done.commits()),
                counts.blank() + counts.withText(),
                done.rows(),
                look instanceof Look.Changes changes ? carriedOn(records, changes.last()) : records,
                look);
    }

    /** What the last run has published is not published again. */
    private Publisher.Published published(BegunRun run, LastRun last, List<ReducedColumn> columns, Look look) {
        List<ColumnRecord> records = columns.stream().map(ReducedColumn::record).toList();
        if (look instanceof Look.Everything && last.published(records, run.found())) {
            return Publisher.Published.NOTHING;
        }
        columns.get(0).embedded().column().text().source().requireSameTable(context.tables());
        labels.phase("Publishing to " + context.job().target().table());
        return new Publisher(context)
                .publish(columns.stream()
                        .flatMap(column -> column.published(context.store(), run).stream())
                        .toList());
    }

    /** With the drift of each column, which nothing that is published depends on. */
    private List<ColumnRecord> records(BegunRun run, List<ReducedColumn> columns) {
        return columns.stream()
                .map(column -> Failures.on(
                        "measure the drift of the column "
                                + column.embedded().column().name(),
                        "Every vector is in the store: correct this and start the job again.",
                        () -> reducers.withDrift(column, run).record()))
                .toList();
    }

    /** The rows that were not looked at are as the last run has counted them. */
    private static List<ColumnRecord> carriedOn(List<ColumnRecord> records, RunRecord last) {
        return IntStream.range(0, records.size())
                .mapToObj(i -> records.get(i).after(last.columns().get(i)))
                .toList();
    }

    /** Before the run records in which versions it leaves its tables. */
    private void compact() {
        if (context.job().target().compact() == Compact.AUTO) {
            new Upkeep(context.tables(), context.job().target().store(), context.clock(), labels).afterRun();
        }
    }

    /** A failure that cannot be recorded is not worth hiding the first one. */
    private void recordFailure(RunningRecord running, RuntimeException why) {
        RunRecord record = running.fails(why);
        failure = Optional.of(record);
        if (!context.tables().exists(context.job().target().store())) {
            return;
        }
        try {
            context.runs().append(record);
        } catch (RuntimeException e) {
            why.addSuppressed(e);
        }
    }
}
