package io.embedlake.spark.upkeep;

import io.embedlake.annotation.Stable;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.time.Instant;
import java.util.List;

/**
 * What a store holds of one fingerprint. Immutable.
 *
 * @param fingerprint the hash of what made the vectors
 * @param model what made them, for a person; {@code unknown} when no run that did is remembered
 * @param texts texts with vectors
 * @param rejected texts without
 * @param bytes about how much the vectors take
 * @param columns the columns that use them, such as {@code vector of shop.reviews}
 * @param lastUsed when a run last did something with them
 */
@Stable
public record StoredFingerprint(
        String fingerprint,
        String model,
        long texts,
        long rejected,
        long bytes,
        List<String> columns,
        Instant lastUsed) {
    public StoredFingerprint {
        columns = List.copyOf(columns);
    }

    /** Whether a column uses its vectors. */
    public boolean isUsed() {
        return !columns.isEmpty();
    }

    /**
     * Makes sure that it may be removed.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a column uses it
     */
    public void requireUnused() {
        if (isUsed()) {
            throw refused(fingerprint + ": its vectors are in the column " + String.join(", ", columns)
                    + " (what a column uses stays). Drop the column first.");
        }
    }

    /**
     * One of several.
     *
     * @param name its hash, or as many of its first characters as no other has
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is no such fingerprint, or several
     */
    public static StoredFingerprint named(List<StoredFingerprint> all, String name) {
        List<StoredFingerprint> found =
                all.stream().filter(one -> one.fingerprint().startsWith(name)).toList();
        if (found.size() != 1) {
            throw refused(name + ": the store has "
                    + (found.isEmpty() ? "none that begins so" : found.size() + " that begin so")
                    + " (a fingerprint, or the beginning of one). Name one that the list of the store has.");
        }
        return found.get(0);
    }

    private static EmbedlakeException refused(String what) {
        return new EmbedlakeException(ErrorKind.CONFIGURATION, "Cannot remove the fingerprint " + what);
    }
}
