package io.embedlake.fake.batch;

import io.embedlake.fake.service.Service;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The files that were uploaded, and those that jobs wrote. Thread-safe. */
final class FileStore {
    private final Map<String, Stored> files = new ConcurrentHashMap<>();
    private final Service service;

    FileStore(Service service) {
        this.service = service;
    }

    /**
     * A file. Immutable by agreement.
     *
     * @param purpose such as {@code batch} or {@code batch_output}
     */
    record Stored(String id, String name, String purpose, byte[] content, long createdSeconds) {}

    Stored add(String id, String name, String purpose, byte[] content) {
        Stored stored =
                new Stored(id, name, purpose, content, service.clock().instant().getEpochSecond());
        files.put(id, stored);
        return stored;
    }

    Optional<Stored> find(String id) {
        return Optional.ofNullable(files.get(id));
    }

    Optional<Stored> remove(String id) {
        return Optional.ofNullable(files.remove(id));
    }
}
