package io.embedlake.spark.store;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the calls of a run were limited to because the server refused larger ones. Immutable.
 *
 * @param most the most of a call, by unit: {@code texts}, {@code tokens}, {@code bytes}, or {@code text_tokens}, the tokens of one text
 */
public record CallCaps(Map<String, Long> most) implements Serializable {
    public static final CallCaps NONE = new CallCaps(Map.of());

    public CallCaps {
        most = Collections.unmodifiableMap(new TreeMap<>(most));
    }

    /** The smaller ones of both, because executors learn apart from each other. */
    public CallCaps and(CallCaps more) {
        Map<String, Long> both = new TreeMap<>(most);
        more.most.forEach((unit, cap) -> both.merge(unit, cap, Long::min));
        return new CallCaps(both);
    }
}
