package io.embedlake.config;

import java.time.LocalDate;
import java.util.List;
import java.util.Objects;

/**
 * Somebody's consent to the terms of providers, which allows texts to be sent to them. Immutable.
 *
 * @param by who
 * @param at when
 * @param providers the platforms that it is about
 */
public record TermsAccepted(String by, LocalDate at, List<String> providers) {
    public TermsAccepted {
        Objects.requireNonNull(by);
        Objects.requireNonNull(at);
        providers = List.copyOf(providers);
    }
}
