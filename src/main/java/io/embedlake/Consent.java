package io.embedlake;

import java.time.LocalDate;
import java.util.List;
import java.util.Objects;

/**
 * A person's consent to the terms of providers, which allows texts to be sent to them; without it nothing is sent. Immutable.
 *
 * @param by the person
 * @param at when the terms were accepted
 * @param providers the platforms, by the names that the job file has for them
 */
public record Consent(String by, LocalDate at, List<String> providers) {
    public Consent {
        Objects.requireNonNull(by);
        Objects.requireNonNull(at);
        providers = List.copyOf(providers);
    }

    /** A person's consent to the terms of these providers. */
    public static Consent of(String by, LocalDate at, String... providers) {
        return new Consent(by, at, List.of(providers));
    }

    Settings keys() {
        return Settings.NONE.with("by", by).with("at", at.toString()).with("provider", providers);
    }
}
