package io.embedlake.remote.batch;

import io.embedlake.spi.Outcome;
import java.util.Objects;

/** What a line of a result says: which text it is about, and what became of it. Immutable. */
public record BatchAnswer(String id, Outcome outcome) {
    public BatchAnswer {
        Objects.requireNonNull(id);
        Objects.requireNonNull(outcome);
    }
}
