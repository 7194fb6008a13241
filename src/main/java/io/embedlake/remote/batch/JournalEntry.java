package io.embedlake.remote.batch;

import java.util.List;
import java.util.Objects;

/**
 * A step of a batch. Immutable.
 *
 * @param marker our name of the batch
 * @param reference the provider's name of the file or batch; empty where the step has none
 * @param texts the texts of the batch; only {@link Step#UPLOADED} has them
 */
public record JournalEntry(Step step, String marker, String reference, List<SentText> texts) {
    /** What was done, or is about to be done. */
    public enum Step {
        /** Its file is uploaded, and the batch is about to be created. */
        UPLOADED,
        /** The provider has the batch. */
        SUBMITTED,
        /** Finished: its outcomes are stored, or it was never created. */
        FINISHED
    }

    public JournalEntry {
        Objects.requireNonNull(step);
        Objects.requireNonNull(marker);
        Objects.requireNonNull(reference);
        texts = List.copyOf(texts);
    }

    /** A batch is about to be created. */
    public static JournalEntry uploaded(String marker, String file, List<SentText> texts) {
        return new JournalEntry(Step.UPLOADED, marker, file, texts);
    }

    /** The provider has created a batch. */
    public static JournalEntry submitted(String marker, String batch) {
        return new JournalEntry(Step.SUBMITTED, marker, batch, List.of());
    }

    /** A batch is over. */
    public static JournalEntry finished(String marker) {
        return new JournalEntry(Step.FINISHED, marker, "", List.of());
    }
}
