package io.embedlake.spark.executor;

import io.embedlake.pipeline.TextPipeline;
import io.embedlake.spark.spool.PaidText;
import io.embedlake.spark.spool.WaveLog;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.StreamEmbedder;
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
 * <p>Takes rows of {@code content_hash, text, row_id}, sorted by length, and returns those of {@link WaveOutcomes#SCHEMA}.
 */
public final class EmbedPartition extends EmbedTexts<Row> implements FlatMapFunction<Iterator<Row>, Row> {
    private static final long serialVersionUID = 1L;

    private static final int HASH = 0;
    private static final int TEXT = 1;
    private static final int ROW_ID = 2;

    private final EmbedCounters counters;
    private final WaveLog log;

    public EmbedPartition(LoadedModel model, EmbedCounters counters, WaveLog log) {
        super(model, 0);
        this.counters = counters;
        this.log = log;
    }

    /** What has been paid for is kept before the calls that are still under way are given up. */
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
        public Optional<String> text(Row row) {
            return attempt.has(row.getString(HASH)) ? Optional.empty() : Optional.of(row.getString(TEXT));
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
            String hash = text.getString(HASH);
            String rowId = text.getString(ROW_ID);
            int characters = text.getString(TEXT).length();
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

        private Row embedded(String hash, String rowId, int characters, Outcome.Embedded embedded) {
            counters.texts().add(1);
            counters.tokens().add(embedded.tokens());
            return WaveOutcomes.embedded(hash, rowId, characters, embedded);
        }
    }
}
