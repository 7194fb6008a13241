package io.embedlake.fake.service;

import io.embedlake.fake.http.Refusal;
import io.embedlake.fake.settings.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Knows which keys are good, and for how long. Thread-safe. */
final class KeyRing {
    private final Set<String> known;
    private final int callsPerKey;
    private final Map<String, Integer> calls = new ConcurrentHashMap<>();

    KeyRing(Settings settings) {
        known = settings.keys();
        callsPerKey = settings.callsPerKey().orElse(Integer.MAX_VALUE);
    }

    void check(Optional<String> presented, Errors errors) {
        String key = presented.filter(value -> !value.isBlank()).orElseThrow(() -> new Refusal(errors.noKey()));
        if (!known.isEmpty() && !known.contains(key)) {
            throw new Refusal(errors.wrongKey());
        }
        if (calls.merge(key, 1, (before, one) -> Math.min(before, callsPerKey) + one) > callsPerKey) {
            throw new Refusal(errors.expired());
        }
    }
}
