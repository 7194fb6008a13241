package io.embedlake.provider.wire;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A format whose model is known to make vectors of one length, so that any other is a wrong answer: a gateway that swaps the model, or
 * a server that sends doubles where floats are agreed. Immutable.
 *
 * @param format what speaks to the server
 * @param dimension the length that every vector has
 */
public record CheckedDimension(ModelFormat format, int dimension) implements ModelFormat {
    public CheckedDimension {
        Objects.requireNonNull(format);
        if (dimension < 1) {
            throw new IllegalArgumentException("a dimension is positive: " + dimension);
        }
    }

    @Override
    public Reading read(Reply reply, int texts) {
        Reading reading = format.read(reply, texts);
        if (reading instanceof Reading.Answer answer && answer.vectors().get(0).length != dimension) {
            return Reading.Fault.of(
                    Cause.WRONG_ANSWER,
                    "vectors of " + answer.vectors().get(0).length + " values, expected are " + dimension);
        }
        return reading;
    }

    @Override
    public Budgets budgets() {
        return format.budgets();
    }

    @Override
    public Call call(List<String> texts) {
        return format.call(texts);
    }

    @Override
    public BodySize bodySize() {
        return format.bodySize();
    }

    @Override
    public Map<String, String> vectorOptions() {
        return format.vectorOptions();
    }
}
