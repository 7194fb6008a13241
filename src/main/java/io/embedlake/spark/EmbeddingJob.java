package io.embedlake.spark;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.config.ReduceSpec;
import io.embedlake.embed.EmbedderSpec;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.pipeline.WaveSizing;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.provider.limit.Pace;
import io.embedlake.reduce.NoReduction;
import io.embedlake.reduce.Reduction;
import io.embedlake.spark.limit.LimitRoutes;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.RunLog;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spark.store.TableVersions;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.store.VectorStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The only type that knows the whole way: source, plan, waves, reduce, publish, report. Confined to the driver; one run an
 * instance. It opens no session and closes none.
 */
public final class EmbeddingJob {
    private final JobSpec job;
    private final Refit refit;
    private final RunId run;
    private final Clock clock;
    private final PhaseLabels observer;
    private final SparkContext context;
    private final Tables tables;
    private final VectorStore store;
    private final RunLog runs;
    private final FittedModels models;
    private final ColumnReducers reducers;
    private final JobChecks checks;
    private final ColumnModels loading;
    private final WaveRunner waves;
    private final BatchWaves batches;
    private final LimitRoutes limits;
    private final int slots;

    public EmbeddingJob(SparkSession spark, JobSpec job, RunId run, Clock clock, JobObserver observer) {
        this(spark, job, Refit.NONE, run, clock, observer);
    }

    public EmbeddingJob(SparkSession spark, JobSpec job, Refit refit, RunId run, Clock clock, JobObserver observer) {
        this.job = job;
        this.refit = refit;
        this.run = run;
        this.clock = clock;
        this.context = spark.sparkContext();
        this.observer = new PhaseLabels(context, observer);
        this.tables = new Tables(spark);
        this.store = new VectorStore(tables, job.target().store());
        this.runs = new RunLog(tables, job.target().store());
        this.models = new FittedModels(tables, job);
        this.reducers = new ColumnReducers(tables, job, store, refit);
        Spending spending = new Spending();
        this.waves = new WaveRunner(spark, store, run, clock, spending, this.observer);
        this.batches = new BatchWaves(
                tables, job.target().store(), store, run, clock, EmbeddingJob::sleep, spending, this.observer);
        this.limits = new LimitRoutes(context, Pace.STRICT);
        this.checks = new JobChecks(tables, job, store, models);
        this.loading = new ColumnModels(store, limits, run);
        this.slots = Math.max(1, context.defaultParallelism());
    }

    /**
     * Says what {@link #run()} would do. Loads tokenizers, no model; writes nothing.
     *
     * @throws EmbedlakeException as {@link #run()} does before any work
     */
    public WorkPlan plan() {
        try (observer) {
            observer.phase("Reading " + job.source().table());
            SourceRows source = SourceRows.read(tables, job);
            Planner planner = new Planner(source, store, runs);
            List<JobColumn> columns = counted(source, planner, checks.requireFits(source));
            List<WorkPlan.ColumnPlan> plans = new ArrayList<>();
            for (JobColumn column : columns) {
                observer.phase("Counting tokens for " + column.embedding().column());
                ShippedModel.offer(context, column.spec());
                plans.add(columnPlan(column, planner.estimate(column.index(), column.spec(), column.counts(), slots)));
            }
            return workPlan(columns, plans);
        }
    }

    /**
     * Does everything.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} or {@link ErrorKind#STORAGE} before any work when the job
     *     does not fit its tables; the same kinds later when a table changes under the job
     */
    public RunReport run() {
        return replay(Set.of());
    }

    /**
     * As {@link #run()}, and texts are tried again that were rejected for one of these kinds; those that fail once more are rejected
     * anew.
     */
    public RunReport replay(Set<ErrorKind> kinds) {
        Instant begin = clock.instant();
        try (observer) {
            RunRecord record = workOrRecordFailure(begin, kinds);
            observer.phase("Logging the run");
            runs.append(record);
            return new RunReport(record, job.maxErrorRate());
        } finally {
            EmbedderPool.shared().closeIdle();
            limits.close();
        }
    }

    private RunRecord workOrRecordFailure(Instant begin, Set<ErrorKind> again) {
        try {
            return work(begin, again);
        } catch (RuntimeException e) {
            recordFailure(begin, e);
            throw e;
        }
    }

    private RunRecord work(Instant begin, Set<ErrorKind> again) {
        observer.phase("Reading " + job.source().table());
        TableVersions before = TableVersions.newest(tables, job);
        SourceRows source = SourceRows.read(tables, job);
        List<EmbedderSpec> specs = models.fitted(checks.requireFits(source), source, run, clock, observer);
        if (!again.isEmpty()) {
            specs.forEach(spec -> store.forgetRejected(spec, again));
        }
        Optional<RunRecord> last = runs.newestSuccess(job.target().table());
        boolean asksForSame =
                again.isEmpty() && refit == Refit.NONE && specs.stream().noneMatch(batches::areOpen);
        if (asksForSame && last.isPresent() && stands(last.get(), before, specs)) {
            observer.phase("Nothing has changed since the run " + last.get().run());
            List<ColumnRecord> columns =
                    last.get().columns().stream().map(ColumnRecord::repeated).toList();
            return record(begin, before, last.get().rows(), 0, columns, null);
        }
        if (tables.exists(job.target().store())) {
            specs.forEach(waves::recover);
        }
        Planner planner = new Planner(source, store, runs);
        List<JobColumn> columns = counted(source, planner, specs);
        observer.planned(workPlan(
                columns,
                columns.stream()
                        .map(column -> columnPlan(column, Optional.empty()))
                        .toList()));
        tables.requireWritable(job.target().table());
        columns.replaceAll(this::loaded);
        store.create(specs);

        List<ColumnRecord> records = new ArrayList<>();
        List<Publisher.PublishedColumn> published = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            JobColumn column = columns.get(i);
            WaveRunner.Done done = embed(column, columns.subList(0, i), planner);
            requireComplete(column, planner, done);
            ColumnReducers.Chosen chosen = choose(column, source, done);
            records.add(column.record(done, chosen.record()));
            published.addAll(published(column, chosen));
        }
        boolean stands = last.isPresent()
                && last.get().published(records)
                && before.target().isPresent()
                && before.target().equals(last.get().tables().target());
        Publisher.Published done = stands ? Publisher.Published.NOTHING : publish(published);
        WorkPlan.Counts counts = columns.get(0).counts();
        return record(
                begin,
                before.leave(TableVersions.newest(tables, job), done.commits(), job.isInPlace()),
                counts.blank() + counts.withText(),
                done.rows(),
                records,
                null);
    }

    /**
     * Whether all that a run did still stands, because none of its tables has a new version and the job makes the same
     * vectors: then there is nothing to look for, however large the tables are. A condition may depend on the time or on
     * other tables, so a job with one always looks.
     */
    private boolean stands(RunRecord run, TableVersions now, List<EmbedderSpec> specs) {
        return job.source().where().isEmpty()
                && now.areKnown()
                && run.tables().equals(now)
                && run.spec().equals(job.describe())
                && run.versions().equals(Versions.all())
                && run.columns().stream()
                        .map(ColumnRecord::fingerprint)
                        .toList()
                        .equals(specs.stream()
                                .map(spec -> spec.fingerprint().hash())
                                .toList());
    }

    private List<JobColumn> counted(SourceRows source, Planner planner, List<EmbedderSpec> specs) {
        return Failures.on(
                "read the rows of " + job.source().table(),
                "Correct source.where, or the table.",
                () -> count(source, planner, specs));
    }

    private List<JobColumn> count(SourceRows source, Planner planner, List<EmbedderSpec> specs) {
        boolean inPlace = job.isInPlace();
        source.requireUniqueIds(
                inPlace ? source.all() : source.selected(),
                String.join(", ", job.source().id()));
        List<JobColumn> columns = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            JobColumn column = new JobColumn(i, job.embeddings().get(i), specs.get(i), planner.counts(i, specs.get(i)));
            reducers.requireSample(column.embedding(), column.spec(), column.counts());
            columns.add(column);
        }
        return columns;
    }

    private boolean hasNothingToDo(JobColumn column) {
        return column.counts().toEmbed() == 0 && !batches.areOpen(column.spec());
    }

    private JobColumn loaded(JobColumn column) {
        if (hasNothingToDo(column)) {
            return column;
        }
        observer.phase("Loading " + column.spec().label());
        return loading.loaded(column);
    }

    private WaveRunner.Done embed(JobColumn column, List<JobColumn> before, Planner planner) {
        if (hasNothingToDo(column)) {
            return WaveRunner.Done.NOTHING;
        }
        observer.phase("Embedding " + column.embedding().column());
        ShippedModel.offer(context, column.spec());
        // An earlier column of the same fingerprint may have embedded the same texts since they were counted.
        boolean storeHasNone = column.counts().embedded() == 0
                && column.counts().rejected() == 0
                && before.stream().noneMatch(earlier -> earlier.spec()
                        .fingerprint()
                        .equals(column.spec().fingerprint()));
        Dataset<Row> texts =
                storeHasNone ? planner.all(column.index()) : planner.toEmbed(column.index(), column.spec());
        if (BatchWaves.areAskedFor(column.spec())) {
            // Batches of earlier runs may have other texts than this run counted.
            return batches.run(column, texts).counted(column.counts(), planner.counts(column.index(), column.spec()));
        }
        return waves.run(
                column.embedding(), column.spec(), loading.loader(column), loading.gate(column), texts, sizing(column));
    }

    /**
     * Nothing is published before every text has a vector or a rejection in the store. Counted again only when this run did
     * not do all of what it planned, as when another job on the same store did a part of it.
     */
    private void requireComplete(JobColumn column, Planner planner, WaveRunner.Done done) {
        if (done.embedded() + done.rejected() == column.counts().toEmbed()) {
            return;
        }
        long left = planner.counts(column.index(), column.spec()).toEmbed();
        if (left > 0) {
            throw new IllegalStateException(left + " texts of the column "
                    + column.embedding().column() + " have neither a vector nor a rejection after their waves");
        }
    }

    private ColumnReducers.Chosen choose(JobColumn column, SourceRows source, WaveRunner.Done done) {
        return reducers.choose(
                column.index(),
                column.embedding(),
                column.spec(),
                source,
                column.vectors(done),
                done.embedded(),
                run,
                clock,
                observer);
    }

    /** The short vectors, and the full ones where they are wanted. */
    private List<Publisher.PublishedColumn> published(JobColumn column, ColumnReducers.Chosen chosen) {
        EmbeddingSpec embedding = column.embedding();
        EmbedderSpec spec = column.spec();
        List<Publisher.PublishedColumn> published = new ArrayList<>();
        published.add(new Publisher.PublishedColumn(
                column.index(),
                embedding.column(),
                TargetTable.type(spec.granularity(), embedding.reduce().codes()),
                store.reduced(spec, chosen.reduction()),
                Provenance.of(spec, chosen.record().name())));
        embedding
                .fullColumn()
                .ifPresent(full -> published.add(new Publisher.PublishedColumn(
                        column.index(),
                        full,
                        TargetTable.type(spec.granularity(), ReduceSpec.Codes.NONE),
                        store.reduced(spec, Reduction.of(new NoReduction())),
                        Provenance.of(spec, Provenance.NO_REDUCER))));
        return published;
    }

    private Publisher.Published publish(List<Publisher.PublishedColumn> published) {
        observer.phase("Publishing to " + job.target().table());
        return new Publisher(tables, job, run).publish(published);
    }

    private WaveSizing sizing(JobColumn column) {
        return Planner.sizing(
                column.spec(),
                column.counts(),
                slots,
                job.waves().rows(),
                job.waves().duration());
    }

    private WorkPlan workPlan(List<JobColumn> columns, List<WorkPlan.ColumnPlan> plans) {
        WorkPlan.Counts counts = columns.get(0).counts();
        return new WorkPlan(
                job.job(),
                job.source().table().toString(),
                job.target().table().toString(),
                job.target().store().toString(),
                counts.blank() + counts.withText(),
                plans);
    }

    private WorkPlan.ColumnPlan columnPlan(JobColumn column, Optional<WorkPlan.TokenEstimate> tokens) {
        List<String> notes = new ArrayList<>(column.spec().notes());
        notes.addAll(batches.notes(column.spec()));
        return new WorkPlan.ColumnPlan(
                column.embedding().column(),
                column.embedding().attribute().source(),
                column.spec().platform() + " " + column.spec().label(),
                column.spec().fingerprint().hash(),
                column.counts(),
                tokens,
                reducers.describe(column.embedding(), column.spec()),
                sizing(column).waves(),
                batches.plan(column.spec()),
                Spending.charge(column.spec()),
                notes);
    }

    private RunRecord record(
            Instant begin,
            TableVersions left,
            long rows,
            long rowsPublished,
            List<ColumnRecord> columns,
            String failure) {
        return new RunRecord(
                run,
                job.job(),
                begin,
                Duration.between(begin, clock.instant()),
                job.source().table().sql(),
                job.target().table().sql(),
                left,
                rows,
                rowsPublished,
                columns,
                Optional.ofNullable(failure),
                Versions.all(),
                job.describe());
    }

    private static void sleep(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
    }

    /** A failure that cannot be recorded is not worth hiding the first one. */
    private void recordFailure(Instant begin, RuntimeException failure) {
        if (!tables.exists(job.target().store())) {
            return;
        }
        try {
            runs.append(record(begin, TableVersions.UNKNOWN, 0, 0, List.of(), String.valueOf(failure.getMessage())));
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
