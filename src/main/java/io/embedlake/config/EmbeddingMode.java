package io.embedlake.config;

import java.util.Locale;

/** How texts go to a provider. Immutable; prints as the job file writes it. */
enum EmbeddingMode {
    /** In calls, whose answers come at once. */
    STREAM,
    /** In files, whose answers come within a day, for less. */
    BATCH;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
