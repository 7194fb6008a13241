package io.embedlake.config;

import java.util.List;
import java.util.Optional;

/**
 * The declaration of a key of the job file. Immutable.
 *
 * @param path the key with its groups, {@code embeddings[].reduce.method}; {@code []} stands for any item of a list
 * @param type what its value may be
 * @param absence what happens without it
 * @param scope when it may be given
 * @param doc what it means, in sentences
 * @param example a value as YAML writes it
 * @param <T> the value in Java
 */
record Key<T>(String path, KeyType<T> type, Absence absence, Scope scope, String doc, String example)
        implements Keys.Entry {

    /** What happens when a key is not given. Immutable. */
    sealed interface Absence {
        /** It must be given. */
        record Refused() implements Absence {}

        /** This text is its value. */
        record Value(String text) implements Absence {}

        /** Something that depends on more than the key. */
        record Means(String what) implements Absence {}
    }

    /** When a key may be given. Immutable. */
    sealed interface Scope {
        /** Always. */
        record Always() implements Scope {}

        /** Only when another key of its group has one of these values. */
        record OnlyWith<V>(Key<V> other, List<V> values) implements Scope {
            /** Whether this key may be given when the other is not. */
            boolean admitsDefault() {
                return other.absence() instanceof Absence.Value value
                        && values.stream()
                                .anyMatch(admitted -> admitted.toString().equals(value.text()));
            }
        }

        /** Together with its like, in place of another key of its group. */
        record InsteadOf(Key<?> other) implements Scope {}
    }

    static <T> Key<T> required(String path, KeyType<T> type, String doc, String example) {
        return new Key<>(path, type, new Absence.Refused(), new Scope.Always(), doc, example);
    }

    static <T> Key<T> withDefault(String path, KeyType<T> type, String value, String doc) {
        return new Key<>(path, type, new Absence.Value(value), new Scope.Always(), doc, value);
    }

    static <T> Key<T> optional(String path, KeyType<T> type, String means, String doc, String example) {
        return new Key<>(path, type, new Absence.Means(means), new Scope.Always(), doc, example);
    }

    /** This key, for some values of another key only. */
    <V> Key<T> onlyWith(Key<V> other, List<V> values) {
        return new Key<>(path, type, absence, new Scope.OnlyWith<>(other, values), doc, example);
    }

    /** This key, in place of another. */
    Key<T> insteadOf(Key<?> other) {
        return new Key<>(path, type, absence, new Scope.InsteadOf(other), doc, example);
    }

    boolean isRequired() {
        return absence instanceof Absence.Refused;
    }

    /** The text that is its value when it is not given, if there is one. */
    Optional<String> defaultText() {
        return absence instanceof Absence.Value value ? Optional.of(value.text()) : Optional.empty();
    }
}
