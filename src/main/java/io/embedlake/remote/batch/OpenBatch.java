package io.embedlake.remote.batch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A batch that is not over. Immutable.
 *
 * @param batch the provider's id of it; empty where it is unknown whether the provider has it
 */
record OpenBatch(String marker, Optional<String> batch, List<SentText> texts) {
    /** A journal's batches that are not over. */
    static List<OpenBatch> of(List<JournalEntry> entries) {
        Map<String, OpenBatch> open = new LinkedHashMap<>();
        for (JournalEntry entry : entries) {
            switch (entry.step()) {
                case UPLOADED ->
                    open.put(entry.marker(), new OpenBatch(entry.marker(), Optional.empty(), entry.texts()));
                case SUBMITTED ->
                    open.computeIfPresent(entry.marker(), (marker, batch) -> batch.submitted(entry.reference()));
                case FINISHED -> open.remove(entry.marker());
            }
        }
        return List.copyOf(open.values());
    }

    OpenBatch submitted(String as) {
        return new OpenBatch(marker, Optional.of(as), texts);
    }
}
