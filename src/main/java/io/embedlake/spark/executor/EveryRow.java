package io.embedlake.spark.executor;

import io.embedlake.pipeline.TextPipeline;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The stage of a query: every row in its order, with what became of its text. Confined to the task's thread.
 *
 * @param <R> a row
 */
final class EveryRow<R> implements EmbedTexts.Stage<R> {
    /** How many rows without a text may wait behind one that has one. */
    private static final int MOST_BLANK = 4096;

    private record Waiting<R>(R row, boolean isBlank) {}

    private final EmbedEveryRow.Form<R> form;
    private final String model;
    private final TextPipeline pipeline;
    private final Deque<Waiting<R>> waiting = new ArrayDeque<>();
    private long most;
    private long read;
    private int blank;

    /**
     * No row yet.
     *
     * @param model its name, for messages
     * @param wanted how many rows the query probably takes: no more are read at first, then as many more again
     */
    EveryRow(EmbedEveryRow.Form<R> form, String model, TextPipeline pipeline, OptionalInt wanted) {
        this.form = form;
        this.model = model;
        this.pipeline = pipeline;
        this.most = wanted.isPresent() ? wanted.getAsInt() : Long.MAX_VALUE;
    }

    @Override
    public Optional<Input> input(R row) {
        Optional<Input> input = form.input(row);
        waiting.add(new Waiting<>(row, input.isEmpty()));
        blank += input.isEmpty() ? 1 : 0;
        read++;
        return input;
    }

    @Override
    public boolean isFull() {
        return blank >= MOST_BLANK || read >= most;
    }

    @Override
    public void goOn() {
        most = Math.max(most, read + read);
    }

    @Override
    public Optional<R> ready() {
        if (waiting.isEmpty() || !waiting.peek().isBlank()) {
            return Optional.empty();
        }
        blank--;
        return Optional.of(form.without(waiting.poll().row()));
    }

    @Override
    public Optional<R> row(R row, Outcome outcome) {
        waiting.remove();
        return Optional.of(form.with(row, ofText(outcome, model, pipeline)));
    }

    @Override
    public List<R> end() {
        pipeline.stopped().ifPresent(why -> {
            throw why;
        });
        return List.of();
    }

    /**
     * An outcome that is the text's own: a vector, or the reason why it can never have one.
     *
     * @throws EmbedlakeException when it is not: the query fails, so that no vector is missing that might be there
     */
    static Outcome ofText(Outcome outcome, String model, TextPipeline pipeline) {
        if (!(outcome instanceof Outcome.Refused refused)
                || refused.kind() == ErrorKind.INVALID_INPUT
                || refused.kind() == ErrorKind.PROTOCOL) {
            return outcome;
        }
        throw pipeline.stopped()
                .orElseGet(() -> new EmbedlakeException(
                        refused.kind(),
                        "Cannot embed a text with " + model + " (" + refused.reason()
                                + "). Run the query again when that has passed."));
    }
}
