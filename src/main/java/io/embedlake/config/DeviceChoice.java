package io.embedlake.config;

import io.embedlake.annotation.Stable;
import java.util.Locale;

/** Where a job wants its model to run. Immutable; prints as the job file writes it. */
@Stable
public enum DeviceChoice {
    /** On GPUs where there are any, else on the processor. */
    AUTO,
    /** On the CPU, even when there is a GPU. */
    CPU,
    /** On GPUs; the job fails where there are none. */
    GPU;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
