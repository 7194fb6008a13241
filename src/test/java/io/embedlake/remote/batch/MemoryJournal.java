package io.embedlake.remote.batch;

import java.util.ArrayList;
import java.util.List;

/** A journal that dies with the test. Confined to one thread. */
public class MemoryJournal implements BatchJournal {
    private final List<JournalEntry> entries = new ArrayList<>();

    @Override
    public void append(JournalEntry entry) {
        entries.add(entry);
    }

    @Override
    public List<JournalEntry> entries() {
        return List.copyOf(entries);
    }
}
