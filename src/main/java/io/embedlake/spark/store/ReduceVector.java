package io.embedlake.spark.store;

import io.embedlake.reduce.Reducer;
import org.apache.spark.api.java.function.MapFunction;

/** Makes a stored vector shorter. Immutable; runs on executors. */
public final class ReduceVector implements MapFunction<StoredVector, StoredVector> {
    private static final long serialVersionUID = 1L;

    private final Reducer reducer;

    public ReduceVector(Reducer reducer) {
        this.reducer = reducer;
    }

    @Override
    public StoredVector call(StoredVector row) {
        row.setVector(reducer.reduce(row.getVector()));
        return row;
    }
}
