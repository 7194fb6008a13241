package io.embedlake.remote.batch;

import java.util.List;

/** The state of a run that must survive its process. Used by one run at a time, on one thread. */
public interface BatchJournal {
    /** Returns when this entry outlives the process and the machine. */
    void append(JournalEntry entry);

    /** The entries of batches that are not over, those of a batch in their order; entries of others may be among them. */
    List<JournalEntry> entries();
}
