package io.embedlake.config;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Describes in words what a key declares. Stateless. */
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
            boolean allProviders = scope.values().containsAll(Keys.PROVIDERS);
            String values = Stream.concat(
                            scope.values().stream()
                                    .filter(value -> !allProviders || !Keys.PROVIDERS.contains(value))
                                    .map(Object::toString),
                            Stream.of("of a provider").filter(words -> allProviders))
                    .collect(Collectors.joining(" or "));
            return Optional.of("Only with " + scope.other().name() + " " + values + ".");
        }
        return key.scope() instanceof Key.Scope.InsteadOf scope
                ? Optional.of("Instead of " + scope.other().path() + ".")
                : Optional.empty();
    }
}
