package io.embedlake.spark.executor;

import io.embedlake.config.ComputeSpec;
import io.embedlake.pipeline.ReferenceVectorCheck;
import io.embedlake.pipeline.TextPipeline;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import io.embedlake.text.Texts;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.collection.mutable.ArraySeq;

/**
 * Adds a vector to each row of a partition: null where the text is null, blank or can never be embedded; any other fault fails the task.
 * Rows without a text may go before others. Immutable; runs on executors.
 */
public final class EmbedRows extends EmbedTexts implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    private final int text;

    /** @param text the number of the column of texts, from 0 */
    public EmbedRows(EmbedderSpec spec, EmbedderLoader loader, ComputeSpec compute, int text) {
        super(new LoadedModel(spec, loader, ReferenceVectorCheck.OPEN), compute, text);
        this.text = text;
    }

    @Override
    Stage open(TaskContext task, Embedder embedder, TextPipeline pipeline) {
        return new WithVectors(pipeline);
    }

    private final class WithVectors implements Stage {
        private final Deque<Row> blank = new ArrayDeque<>();
        private final TextPipeline pipeline;

        WithVectors(TextPipeline pipeline) {
            this.pipeline = pipeline;
        }

        @Override
        public boolean takes(Row row) {
            boolean isBlank = row.isNullAt(text) || Texts.isBlank(row.getString(text));
            if (isBlank) {
                blank.add(row);
            }
            return !isBlank;
        }

        @Override
        public Optional<Row> ready() {
            return Optional.ofNullable(blank.poll()).map(row -> with(row, null));
        }

        @Override
        public Optional<Row> row(Row row, Outcome outcome) {
            return Optional.of(with(row, vector(outcome)));
        }

        @Override
        public List<Row> end() {
            pipeline.stopped().ifPresent(why -> {
                throw why;
            });
            return List.of();
        }

        private Object vector(Outcome outcome) {
            if (outcome instanceof Outcome.Embedded embedded) {
                return new ArraySeq.ofFloat(embedded.vector());
            }
            Outcome.Refused refused = (Outcome.Refused) outcome;
            if (refused.kind() == ErrorKind.INVALID_INPUT || refused.kind() == ErrorKind.PROTOCOL) {
                return null;
            }
            throw pipeline.stopped()
                    .orElseGet(() -> new EmbedlakeException(
                            refused.kind(),
                            "Cannot embed a text with " + label() + " (" + refused.reason()
                                    + "). Run the query again when that has passed."));
        }

        private static Row with(Row row, Object vector) {
            Object[] values = new Object[row.length() + 1];
            for (int i = 0; i < row.length(); i++) {
                values[i] = row.get(i);
            }
            values[row.length()] = vector;
            return RowFactory.create(values);
        }
    }
}
