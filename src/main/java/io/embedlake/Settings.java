package io.embedlake;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.SecretReference;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Keys of the job file with values set by a program, in the file's notation: what is built here and what is read from
 * a file goes through the same checks. Immutable.
 *
 * @param keys by name: groups are maps, lists are lists, everything else is text
 */
record Settings(Map<String, Object> keys) {
    static final Settings NONE = new Settings(Map.of());

    Settings {
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    }

    /** The same with a key that has another value. */
    Settings with(String key, String value) {
        return put(key, Objects.requireNonNull(value));
    }

    Settings with(String key, long value) {
        return put(key, Long.toString(value));
    }

    Settings with(String key, double value) {
        return put(key, Double.toString(value));
    }

    Settings with(String key, boolean value) {
        return put(key, Boolean.toString(value));
    }

    /** A choice prints as the file writes it. */
    Settings with(String key, Enum<?> value) {
        return put(key, value.toString());
    }

    Settings with(String key, SecretReference value) {
        return put(key, value.toString());
    }

    Settings with(String key, List<String> values) {
        return put(key, List.copyOf(values));
    }

    /** A group of keys, in place of the one of this name. */
    Settings with(String group, Settings values) {
        return put(group, values.keys());
    }

    /** An item more in a list of groups. */
    Settings withItem(String list, Settings item) {
        List<Object> items = new java.util.ArrayList<>((List<?>) keys.getOrDefault(list, List.of()));
        items.add(item.keys());
        return put(list, List.copyOf(items));
    }

    /** The same with changed items of a list of groups. */
    Settings withItems(String list, UnaryOperator<Settings> change) {
        List<Object> items = new java.util.ArrayList<>();
        for (Object item : (List<?>) keys.getOrDefault(list, List.of())) {
            items.add(change.apply(new Settings(Map.of("item", item)).group("item"))
                    .keys());
        }
        return put(list, List.copyOf(items));
    }

    /** A key of a group. */
    Settings in(String group, String key, String value) {
        return with(group, group(group).with(key, value));
    }

    /**
     * A time in whole seconds or minutes.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is no whole number of them
     */
    Settings with(String key, Duration value, Duration unit) {
        if (!unit.multipliedBy(value.dividedBy(unit)).equals(value)) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot set " + key + ": " + value + " (a whole number of "
                            + (unit.toSeconds() == 1 ? "seconds" : "minutes") + "). Round it.");
        }
        return with(key, value.dividedBy(unit));
    }

    /** The group of this name; one without keys when it is not set. */
    Settings group(String name) {
        Map<String, Object> group = new LinkedHashMap<>();
        if (keys.get(name) instanceof Map<?, ?> given) {
            given.forEach((key, value) -> group.put((String) key, value));
        }
        return new Settings(group);
    }

    /** These keys overlaid with others, which take precedence. */
    Settings and(Settings others) {
        Map<String, Object> all = new LinkedHashMap<>(keys);
        all.putAll(others.keys());
        return new Settings(all);
    }

    private Settings put(String key, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(keys);
        all.put(key, value);
        return new Settings(all);
    }
}
