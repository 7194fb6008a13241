package io.embedlake.spark.store;

import java.io.Serializable;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/**
 * Names a run: when it began, and a few random characters. Immutable.
 *
 * @param text such as {@code 20261122-150405-1a2b3c4d}
 */
public record RunId(String text) implements Serializable {
    private static final DateTimeFormatter BEGIN =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final int RANDOM_CHARACTERS = 8;

    /** The name of a run that begins now. */
    public static RunId of(Instant now, UUID random) {
        return new RunId(BEGIN.format(now) + "-" + random.toString().substring(0, RANDOM_CHARACTERS));
    }

    @Override
    public String toString() {
        return text;
    }
}
