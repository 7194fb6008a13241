package io.embedlake.spark.store;

import io.embedlake.reduce.Reducer;
import org.apache.spark.api.java.function.MapFunction;

/** Makes the stored vectors of a text's spans shorter. Immutable; runs on executors. */
final class ReduceSpans implements MapFunction<StoredSpans, StoredSpans> {
    private static final long serialVersionUID = 1L;

    private final Reducer reducer;

    ReduceSpans(Reducer reducer) {
        this.reducer = reducer;
    }

    @Override
    public StoredSpans call(StoredSpans row) {
        for (StoredSpans.Span span : row.getSpans()) {
            span.setVector(reducer.reduce(span.getVector()));
        }
        return row;
    }
}
