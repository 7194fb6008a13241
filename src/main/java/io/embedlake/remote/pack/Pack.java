package io.embedlake.remote.pack;

/**
 * Texts that go into one call: those of a list from here to there. Immutable.
 *
 * @param from the place of the first
 * @param to the place behind the last
 * @param tokens of all of them, as counted
 * @param bodyBytes of the call's body, exactly
 * @param fits whether they keep to the budgets; only a single text may not
 */
public record Pack(int from, int to, long tokens, long bodyBytes, boolean fits) {
    public Pack {
        if (from < 0 || to <= from || tokens < 0 || bodyBytes < 0) {
            throw new IllegalArgumentException("no pack: " + from + " to " + to);
        }
    }

    /** How many texts. */
    public int texts() {
        return to - from;
    }
}
