package io.embedlake.remote.batch;

import io.embedlake.spi.Outcome;
import java.util.Objects;

/** A line of a result: a text's id and its outcome. Immutable. */
public record BatchAnswer(String id, Outcome outcome) {
    public BatchAnswer {
        Objects.requireNonNull(id);
        Objects.requireNonNull(outcome);
    }
}
