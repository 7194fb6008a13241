package io.embedlake.spark;

import io.embedlake.config.ComputeSpec;
import io.embedlake.embed.Device;
import io.embedlake.embed.Embedder;
import io.embedlake.embed.EmbedderSpec;
import io.embedlake.embed.ErrorKind;
import io.embedlake.embed.Outcome;
import io.embedlake.embed.Platforms;
import io.embedlake.embed.Spans;
import io.embedlake.pipeline.EmbeddingPipeline;
import io.embedlake.pipeline.GoldenGate;
import io.embedlake.pipeline.TextPipeline;
import io.embedlake.spark.spool.Keeping;
import io.embedlake.spark.spool.PaidText;
import io.embedlake.spark.store.VectorStore;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;
import scala.collection.mutable.ArraySeq;

/**
 * Embeds the texts of a partition: the only place where Spark meets the engine. Immutable; runs on executors.
 *
 * <p>In come rows of {@code content_hash, text, row_id}, sorted by length, out go rows of {@link #SCHEMA}: one of the vector,
 * the spans with their vectors, and the reason is not null.
 */
final class EmbedPartition implements FlatMapFunction<Iterator<Row>, Row> {
    static final StructType SCHEMA = StructType.fromDDL("content_hash STRING, vector ARRAY<FLOAT>, spans "
            + VectorStore.SPANS_TYPE + ", dimension INT,"
            + " tokens INT, truncated BOOLEAN, row_id STRING, characters INT, kind STRING, reason STRING");

    private static final long serialVersionUID = 1L;

    private final EmbedderSpec spec;
    private final ComputeSpec compute;
    private final GoldenGate gate;
    private final EmbedderLoader loader;
    private final EmbedCounters counters;
    private final Keeping keeping;

    EmbedPartition(
            EmbedderSpec spec, EmbedderLoader loader, ComputeSpec compute, GoldenGate gate, EmbedCounters counters) {
        this(spec, loader, compute, gate, counters, Keeping.NOTHING);
    }

    private EmbedPartition(
            EmbedderSpec spec,
            EmbedderLoader loader,
            ComputeSpec compute,
            GoldenGate gate,
            EmbedCounters counters,
            Keeping keeping) {
        this.spec = spec;
        this.loader = loader;
        this.compute = compute;
        this.gate = gate;
        this.counters = counters;
        this.keeping = keeping;
    }

    /** The same, keeping what is paid for. */
    EmbedPartition keeping(Keeping wave) {
        return new EmbedPartition(spec, loader, compute, gate, counters, wave);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        if (!rows.hasNext()) {
            return rows;
        }
        TaskContext task = TaskContext.get();
        EmbedderSpec here = ShippedModel.localise(spec);
        Device device = device(task);
        EmbedderPool.Lease lease = EmbedderPool.shared().lease(here, device, loader, this::check);
        task.addTaskCompletionListener((TaskCompletionListener) context -> lease.close());
        TextPipeline pipeline = TextPipeline.of(
                lease.embedder(), lease.batchSize(compute.batchTokens()), TaskDevice.threads(device, task.cpus()));
        task.addTaskCompletionListener((TaskCompletionListener) context -> pipeline.close());
        // Kept texts are written before the calls that are still under way are given up.
        Keeping.Attempt attempt = keeping.attempt(task.partitionId());
        task.addTaskCompletionListener((TaskCompletionListener) context -> attempt.close());
        return new Rows(pipeline.run(new TextsOf(rows, attempt)), pipeline, attempt);
    }

    /** The rows of what was paid for earlier, then of results; texts that were not embedded because the job stops have none: they are neither embedded nor rejected. */
    private final class Rows implements Iterator<Row> {
        private final Iterator<EmbeddingPipeline.Result<Row>> results;
        private final TextPipeline pipeline;
        private final Keeping.Attempt attempt;
        private final Iterator<PaidText> earlier;
        private Optional<Row> next = Optional.empty();
        private boolean isOver;

        Rows(Iterator<EmbeddingPipeline.Result<Row>> results, TextPipeline pipeline, Keeping.Attempt attempt) {
            this.results = results;
            this.pipeline = pipeline;
            this.attempt = attempt;
            this.earlier = attempt.earlier();
        }

        @Override
        public boolean hasNext() {
            while (next.isEmpty() && !isOver) {
                if (earlier.hasNext()) {
                    PaidText text = earlier.next();
                    next = Optional.of(row(text.hash(), "", 0, text.outcome()));
                } else if (results.hasNext()) {
                    EmbeddingPipeline.Result<Row> result = results.next();
                    if (result.outcome() instanceof Outcome.Embedded embedded) {
                        attempt.keep(PaidText.of(result.key().getString(0), embedded));
                    }
                    next = isUndone(result.outcome())
                            ? Optional.empty()
                            : Optional.of(row(result.key(), result.outcome()));
                } else {
                    isOver = true;
                    attempt.flush();
                    pipeline.stopped().ifPresent(why -> counters.stops()
                            .add(new EmbedCounters.Stop(why.kind(), why.getMessage())));
                }
            }
            return next.isPresent();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Row row = next.orElseThrow();
            next = Optional.empty();
            return row;
        }

        private static boolean isUndone(Outcome outcome) {
            return outcome instanceof Outcome.Refused refused && refused.kind() == ErrorKind.EXHAUSTED;
        }
    }

    private void check(Embedder embedder) {
        gate.check(
                embedder,
                "executor " + SparkEnv.get().executorId() + " on "
                        + SparkEnv.get().blockManager().blockManagerId().host());
    }

    private Device device(TaskContext task) {
        return TaskDevice.of(
                compute.device(), task, () -> Platforms.named(spec.platform()).visibleGpus());
    }

    private Row row(Row text, Outcome outcome) {
        String hash = text.getString(0);
        String rowId = text.getString(2);
        int characters = text.getString(1).length();
        if (outcome instanceof Outcome.Embedded embedded) {
            return row(hash, rowId, characters, embedded);
        }
        Outcome.Refused refused = (Outcome.Refused) outcome;
        counters.rejected().add(1);
        return RowFactory.create(
                hash,
                null,
                null,
                null,
                null,
                null,
                rowId,
                characters,
                refused.kind().name(),
                refused.reason());
    }

    private Row row(String hash, String rowId, int characters, Outcome.Embedded embedded) {
        int vectors = embedded.spans().map(Spans::count).orElse(1);
        counters.texts().add(1);
        counters.tokens().add(embedded.tokens());
        counters.unknown().add(embedded.unknown());
        counters.vectors().add(vectors);
        counters.truncated().add(embedded.truncated() ? 1 : 0);
        counters.split().add(embedded.pieces() > 1 ? 1 : 0);
        return RowFactory.create(
                hash,
                embedded.spans().isPresent() ? null : new ArraySeq.ofFloat(embedded.vector()),
                embedded.spans().map(spans -> spans(spans, embedded.vector())).orElse(null),
                embedded.vector().length / Math.max(1, vectors),
                embedded.tokens(),
                embedded.truncated(),
                rowId,
                characters,
                null,
                null);
    }

    private static Row[] spans(Spans spans, float[] vectors) {
        Row[] rows = new Row[spans.count()];
        int width = vectors.length / Math.max(1, rows.length);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = RowFactory.create(
                    spans.starts()[i],
                    spans.ends()[i],
                    new ArraySeq.ofFloat(Arrays.copyOfRange(vectors, i * width, (i + 1) * width)));
        }
        return rows;
    }

    /** The rows that nobody has paid for as items, each its own key. */
    private static final class TextsOf implements Iterator<EmbeddingPipeline.Item<Row>> {
        private final Iterator<Row> rows;
        private final Keeping.Attempt attempt;
        private Optional<Row> next = Optional.empty();

        TextsOf(Iterator<Row> rows, Keeping.Attempt attempt) {
            this.rows = rows;
            this.attempt = attempt;
        }

        @Override
        public boolean hasNext() {
            while (next.isEmpty() && rows.hasNext()) {
                next = Optional.of(rows.next()).filter(row -> !attempt.has(row.getString(0)));
            }
            return next.isPresent();
        }

        @Override
        public EmbeddingPipeline.Item<Row> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Row row = next.orElseThrow();
            next = Optional.empty();
            return new EmbeddingPipeline.Item<>(row, row.getString(1));
        }
    }
}
