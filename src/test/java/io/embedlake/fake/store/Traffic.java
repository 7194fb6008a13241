package io.embedlake.fake.store;

import io.embedlake.fake.store.StoreRequest.Kind;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Counts requests by kind and by folder. Thread-safe. */
public final class Traffic {
    private final Map<String, Map<Kind, Long>> folders = new TreeMap<>();
    private long refused;
    private long reset;
    private long conditional;

    synchronized void count(StoreRequest request, Weather.Fate fate) {
        folders.computeIfAbsent(request.folder(), folder -> new TreeMap<>()).merge(request.kind(), 1L, Long::sum);
        if (fate == Weather.Fate.REFUSED) {
            refused++;
        } else if (fate != Weather.Fate.ANSWERED) {
            reset++;
        }
        if (request.isConditional()) {
            conditional++;
        }
    }

    /** Begins anew. */
    public synchronized void clear() {
        folders.clear();
        refused = 0;
        reset = 0;
        conditional = 0;
    }

    /** All requests, those too that were refused. */
    public synchronized long total() {
        return byKind().values().stream().mapToLong(count -> count).sum();
    }

    /** How many were refused with SlowDown. */
    public synchronized long refused() {
        return refused;
    }

    /** How many lost their connection. */
    public synchronized long reset() {
        return reset;
    }

    /** How many were to write an object only where there was none. */
    public synchronized long conditional() {
        return conditional;
    }

    /** The requests of each kind. */
    public synchronized Map<Kind, Long> byKind() {
        Map<Kind, Long> all = new TreeMap<>();
        folders.values().forEach(kinds -> kinds.forEach((kind, count) -> all.merge(kind, count, Long::sum)));
        return all;
    }

    /** A line for each folder. */
    public synchronized String byFolder() {
        StringJoiner lines = new StringJoiner("\n");
        folders.forEach((folder, kinds) -> lines.add(folder + " " + kinds));
        return lines.toString();
    }
}
