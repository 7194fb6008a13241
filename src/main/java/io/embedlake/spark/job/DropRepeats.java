package io.embedlake.spark.job;

import io.embedlake.spark.source.SourceText;
import java.util.HashSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * Rows of {@code content_hash, ...} without those whose hash came before in the partition, as far as it is remembered. Immutable; runs on
 * executors.
 *
 * @param remembered how many hashes, about 150 bytes each; with 1, repeats that follow each other are dropped
 */
record DropRepeats(int remembered) implements MapPartitionsFunction<Row, Row>, FlatMapFunction<Iterator<Row>, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Iterator<>() {
            private final Set<String> seen = new HashSet<>();
            private Optional<Row> next = Optional.empty();

            @Override
            public boolean hasNext() {
                while (next.isEmpty() && rows.hasNext()) {
                    next = Optional.of(rows.next()).filter(this::isNew);
                }
                return next.isPresent();
            }

            private boolean isNew(Row row) {
                if (seen.size() == remembered) {
                    seen.clear();
                }
                return seen.add(row.getString(SourceText.HASH_AT));
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Row row = next.orElseThrow();
                next = Optional.empty();
                return row;
            }
        };
    }
}
