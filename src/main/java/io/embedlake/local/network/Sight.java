package io.embedlake.local.network;

/**
 * Where a position may look, beside the padding, which nobody sees. Immutable.
 *
 * @param causal whether only backwards
 * @param reach how many positions away at most; -1 for any distance
 */
public record Sight(boolean causal, int reach) {
    /** Everywhere. */
    public static final Sight ALL = new Sight(false, -1);

    /** At itself and at everything before. */
    public static final Sight BEFORE = new Sight(true, -1);
}
