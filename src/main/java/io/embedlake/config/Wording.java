package io.embedlake.config;

import java.util.Optional;
import java.util.stream.Collectors;

/** Says in words what a key declares. Stateless. */
final class Wording {
    private Wording() {}

    /** What happens when the key is not given. */
    static String absence(Key<?> key) {
        if (key.absence() instanceof Key.Absence.Value value) {
            return value.text();
        }
        return key.absence() instanceof Key.Absence.Means means ? means.what() : "required";
    }

    /** When the key may be given, unless always. */
    static Optional<String> scope(Key<?> key) {
        if (key.scope() instanceof Key.Scope.OnlyWith<?> scope) {
            String values = scope.values().stream().map(Object::toString).collect(Collectors.joining(" or "));
            return Optional.of("Only with " + scope.other().name() + " " + values + ".");
        }
        return key.scope() instanceof Key.Scope.InsteadOf scope
                ? Optional.of("Instead of " + scope.other().path() + ".")
                : Optional.empty();
    }
}
