package io.embedlake.config;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The rows that a job reads. Immutable.
 *
 * @param table a table, or files
 * @param id the columns that together name a row, at least one
 * @param where a SQL condition that rows must meet, if there is one
 */
public record SourceSpec(TableRef table, List<String> id, Optional<String> where) {
    public SourceSpec {
        Objects.requireNonNull(table);
        Objects.requireNonNull(where);
        id = List.copyOf(id);
        if (id.isEmpty()) {
            throw new IllegalArgumentException("a row is named by at least one column");
        }
    }
}
