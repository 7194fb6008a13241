package io.embedlake.remote.http;

import java.util.ArrayList;
import java.util.List;

/**
 * What was learnt of the largest call that a server accepts: a call with at least as many texts and characters as one that was too big is
 * too big as well. Not thread-safe: confined to the client's event loop.
 */
final class RefusedSizes {
    /** Chance cuts a call now and then; it does not do so twice at a size that never passed. */
    private static final int ENOUGH_SUSPICIONS = 2;

    private record Size(int texts, long characters) {
        boolean isWithin(Size other) {
            return texts <= other.texts && characters <= other.characters;
        }
    }

    private final List<Size> refused = new ArrayList<>();
    private final List<Size> passed = new ArrayList<>();
    private int mostTexts = Integer.MAX_VALUE;
    private int suspicions;

    /** A call of this size was too big. */
    void refused(int texts, long characters) {
        Size size = new Size(texts, characters);
        refused.removeIf(size::isWithin);
        refused.add(size);
    }

    /** A call of this size got its vectors. */
    void passed(int texts, long characters) {
        Size size = new Size(texts, characters);
        if (passed.stream().noneMatch(size::isWithin)) {
            passed.removeIf(other -> other.isWithin(size));
            passed.add(size);
        }
    }

    /** Whether a call with this many texts ever succeeded. */
    boolean hasPassed(int texts) {
        return passed.stream().anyMatch(size -> size.texts() >= texts);
    }

    /**
     * Whether a call was too big that failed for an unknown reason while its halves succeeded.
     *
     * @param isCertain whether the server would refuse the same call again
     */
    boolean isSuspect(int texts, long characters, boolean isCertain) {
        Size size = new Size(texts, characters);
        if (passed.stream().anyMatch(size::isWithin)) {
            return false;
        }
        suspicions++;
        return isCertain || suspicions >= ENOUGH_SUSPICIONS;
    }

    /** The server said how many texts it takes. */
    void atMost(int texts) {
        mostTexts = Math.min(mostTexts, Math.max(1, texts));
    }

    /** Into how many parts to cut a call before it is sent: 1 leaves it whole. */
    int parts(int texts, long characters) {
        if (texts > mostTexts) {
            return (texts + mostTexts - 1) / mostTexts;
        }
        Size size = new Size(texts, characters);
        return texts > 1 && refused.stream().anyMatch(other -> other.isWithin(size)) ? 2 : 1;
    }
}
