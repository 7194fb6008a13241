package io.embedlake.remote.batch;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.embedlake.spi.Outcome;
import java.util.Map;
import java.util.TreeMap;

/** Keeps outcomes in memory, and knows which were committed. Confined to one thread. */
public final class KeptOutcomes implements BatchSink {
    public final Map<String, Outcome> kept = new TreeMap<>();
    private final Map<String, Outcome> taken = new TreeMap<>();

    @Override
    public void take(String id, Outcome outcome) {
        assertFalse(taken.containsKey(id) || kept.containsKey(id), () -> id + " has two outcomes");
        taken.put(id, outcome);
    }

    @Override
    public void commit(String name) {
        kept.putAll(taken);
        taken.clear();
    }
}
