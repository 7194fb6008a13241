package io.embedlake;

import java.util.Objects;

/** A type of the API around an internal value: equal to others of its class around an equal value. Immutable. */
abstract class Value<V> {
    private final V value;

    Value(V value) {
        this.value = Objects.requireNonNull(value);
    }

    final V value() {
        return value;
    }

    @Override
    public final boolean equals(Object other) {
        return other != null && getClass() == other.getClass() && value.equals(((Value<?>) other).value);
    }

    @Override
    public final int hashCode() {
        return value.hashCode();
    }
}
