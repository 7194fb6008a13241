package io.embedlake.local.network;

/**
 * Where a position may look, beside the padding, which nobody sees. Immutable.
 *
 * @param causal whether only backwards
 * @param reach how many positions away at most; -1 for any distance
 */
public record AttentionWindow(boolean causal, int reach) {
    /** Everywhere. */
    public static final AttentionWindow ALL = new AttentionWindow(false, -1);

    /** At itself and at everything before. */
    public static final AttentionWindow BEFORE = new AttentionWindow(true, -1);
}
