package io.embedlake.provider.platform;

import io.embedlake.provider.wire.format.Options;
import java.util.Locale;

/** What a provider is told about texts, by the names that all providers' names for it are translated from. */
public enum InputType {
    /** What is found. */
    DOCUMENT,
    /** What is searched for. */
    QUERY,
    /** Texts that are compared. */
    SIMILARITY,
    /** What a classifier gets. */
    CLASSIFICATION,
    /** What is grouped. */
    CLUSTERING;

    /** The type as an API names its own: one of an enumeration, the same by name. */
    public <E extends Enum<E>> E as(Class<E> type, String name) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(name)) {
                return constant;
            }
        }
        Options.require("input-type", this, false, "the provider knows " + java.util.List.of(type.getEnumConstants()));
        throw new IllegalStateException("refused before");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
