package io.embedlake.config;

import java.util.OptionalInt;

/**
 * The search index of a vector column. Immutable.
 *
 * @param lists how many cells it has; derived from the number of rows where it is not given
 */
public record IndexSpec(OptionalInt lists) {
    static final String AUTO = "auto";

    /** From {@code auto} or a number. */
    static IndexSpec parse(String lists) {
        return new IndexSpec(lists.equals(AUTO) ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(lists)));
    }

    /** As the job file writes it. */
    @Override
    public String toString() {
        return lists.isPresent() ? Integer.toString(lists.getAsInt()) : AUTO;
    }
}
