package io.embedlake.local.network;

/**
 * Which positions a position attends to; padding is always masked. Immutable.
 *
 * @param causal whether it attends to earlier positions and itself only
 * @param reach the maximum distance in positions; -1 for no limit
 */
public record AttentionWindow(boolean causal, int reach) {
    /** All positions. */
    public static final AttentionWindow ALL = new AttentionWindow(false, -1);

    /** Itself and all earlier positions. */
    public static final AttentionWindow BEFORE = new AttentionWindow(true, -1);
}
