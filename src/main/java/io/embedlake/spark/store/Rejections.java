package io.embedlake.spark.store;

import io.embedlake.spi.ErrorKind;
import java.io.Serializable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many texts were rejected, by kind of error. Immutable.
 *
 * @param byKind without the kinds of no text, in the kinds' order
 */
public record Rejections(Map<ErrorKind, Long> byKind) implements Serializable {
    public static final Rejections NONE = new Rejections(Map.of());

    public Rejections {
        Map<ErrorKind, Long> ordered = new EnumMap<>(ErrorKind.class);
        ordered.putAll(byKind);
        byKind = Collections.unmodifiableMap(ordered);
    }

    /** One text. */
    public static Rejections of(ErrorKind kind) {
        return new Rejections(Map.of(kind, 1L));
    }

    public Rejections plus(Rejections more) {
        if (more.byKind.isEmpty()) {
            return this;
        }
        Map<ErrorKind, Long> both = new EnumMap<>(ErrorKind.class);
        both.putAll(byKind);
        more.byKind.forEach((kind, texts) -> both.merge(kind, texts, Long::sum));
        return new Rejections(both);
    }

    /** All of them. */
    public long texts() {
        return byKind.values().stream().mapToLong(Long::longValue).sum();
    }
}
