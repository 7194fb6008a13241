package io.embedlake.config;

import java.util.Locale;

/** When the store's small files become large ones. */
public enum Compact {
    /** After a run, when many have piled up. */
    AUTO,
    /** When it is asked for. */
    NEVER;

    /** As the job file has it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
