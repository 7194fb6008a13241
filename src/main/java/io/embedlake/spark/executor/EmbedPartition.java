package io.embedlake.spark.executor;

import io.embedlake.pipeline.TextPipeline;
import io.embedlake.spark.source.InputForm;
import io.embedlake.spark.source.SourceText;
import io.embedlake.spark.spool.PaidText;
import io.embedlake.spark.spool.WaveLog;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.StreamEmbedder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/**
 * Embeds a partition of a wave. Immutable; runs on executors.
 *
 * <p>Takes rows of {@code content_hash, text, row_id, size}, sorted by length, and returns those of {@link WaveOutcomes#SCHEMA}.
 */
public final class EmbedPartition extends EmbedTexts<Row> implements FlatMapFunction<Iterator<Row>, Row> {
    private static final long serialVersionUID = 1L;

    private final InputForm form;
    private final EmbedCounters counters;
    private final WaveLog log;

    /**
     * For one wave.
     *
     * @param form what the rows hold
     */
    public EmbedPartition(LoadedModel model, InputForm form, EmbedCounters counters, WaveLog log) {
        super(model, 0);
        this.form = form;
        this.counters = counters;
        this.log = log;
    }

    /** What has been paid for is kept before the task ends, whatever ends it. */
    @Override
    Stage<Row> open(TaskContext task, Embedder embedder, TextPipeline pipeline) {
        WaveLog.Attempt attempt = log.attempt(task.partitionId());
        closeAtEnd(task, attempt::close);
        return new Outcomes(embedder, pipeline, attempt);
    }

    /** The rows of what was paid for earlier, then of results; texts that were not embedded because the job stops have none: they are neither embedded nor rejected. */
    private final class Outcomes implements Stage<Row> {
        private final Embedder embedder;
        private final TextPipeline pipeline;
        private final WaveLog.Attempt attempt;
        private final Iterator<PaidText> earlier;

        Outcomes(Embedder embedder, TextPipeline pipeline, WaveLog.Attempt attempt) {
            this.embedder = embedder;
            this.pipeline = pipeline;
            this.attempt = attempt;
            this.earlier = attempt.earlier();
        }

        @Override
        public Optional<Input> input(Row row) {
            return attempt.has(row.getString(SourceText.HASH_AT)) ? Optional.empty() : Optional.of(form.input(row));
        }

        @Override
        public Optional<Row> ready() {
            if (!earlier.hasNext()) {
                return Optional.empty();
            }
            PaidText text = earlier.next();
            return Optional.of(embedded(text.hash(), "", 0, text.outcome()));
        }

        @Override
        public Optional<Row> row(Row text, Outcome outcome) {
            String hash = text.getString(SourceText.HASH_AT);
            String rowId = text.getString(SourceText.ROW_ID_AT);
            int characters = (int) Math.min(Integer.MAX_VALUE, text.getLong(SourceText.SIZE_AT));
            if (outcome instanceof Outcome.Embedded embedded) {
                attempt.keep(PaidText.of(hash, embedded));
                return Optional.of(embedded(hash, rowId, characters, embedded));
            }
            Outcome.Refused refused = (Outcome.Refused) outcome;
            if (refused.kind() == ErrorKind.EXHAUSTED) {
                return Optional.empty();
            }
            counters.rejected().add(1);
            return Optional.of(WaveOutcomes.rejected(hash, rowId, characters, refused));
        }

        @Override
        public List<Row> end() {
            attempt.flush();
            List<Row> last = new ArrayList<>();
            pipeline.stopped().map(WaveOutcomes::stop).ifPresent(last::add);
            if (embedder instanceof StreamEmbedder stream) {
                stream.learntCaps().forEach((unit, most) -> last.add(WaveOutcomes.cap(unit, most)));
            }
            return last;
        }

        @Override
        public Duration patience() {
            return log.patience();
        }

        private Row embedded(String hash, String rowId, int characters, Outcome.Embedded embedded) {
            counters.texts().add(1);
            counters.tokens().add(embedded.tokens());
            return WaveOutcomes.embedded(hash, rowId, characters, embedded);
        }
    }
}
