package io.embedlake.remote.platform;

import io.embedlake.remote.auth.token.TokenHttp;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a process may sign in with where the job names no key. Immutable; prints no variable.
 *
 * @param environment of the process
 * @param http asks for tokens
 * @param clock says when they expire
 */
public record Surroundings(Map<String, String> environment, TokenHttp http, Clock clock) {
    public Surroundings {
        environment = Map.copyOf(environment);
        Objects.requireNonNull(http);
        Objects.requireNonNull(clock);
    }

    /** A variable that is set and not blank. */
    public Optional<String> variable(String name) {
        return Optional.of(environment.getOrDefault(name, "").strip()).filter(text -> !text.isEmpty());
    }

    @Override
    public String toString() {
        return "surroundings";
    }
}
