package io.embedlake.provider.client;

import java.util.ArrayList;
import java.util.List;

/**
 * What is known of the largest call that a server takes: a call with at least as many texts and characters as one that was too big is
 * too big as well. Not thread-safe: confined to the client's agenda.
 */
final class RefusedSizes {
    private record Size(int texts, long characters) {}

    private final List<Size> refused = new ArrayList<>();
    private int mostTexts = Integer.MAX_VALUE;

    /** A call of this size was too big. */
    void refused(int texts, long characters) {
        refused.removeIf(size -> size.texts() >= texts && size.characters() >= characters);
        refused.add(new Size(texts, characters));
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
        boolean isTooBig = refused.stream().anyMatch(size -> texts >= size.texts() && characters >= size.characters());
        return isTooBig && texts > 1 ? 2 : 1;
    }
}
