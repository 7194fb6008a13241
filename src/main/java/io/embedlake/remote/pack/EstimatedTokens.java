package io.embedlake.remote.pack;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Estimates tokens from characters where a provider's tokenizer is not at hand: three characters of Latin script a token, 1.3 tokens a
 * character of any other (twice for emoji, which are two in Java), and a number for each text. What servers charge corrects the estimate; a tenth is kept back in any case.
 * Thread-safe.
 */
public final class EstimatedTokens implements TextTokens {
    private static final double HEADROOM = 1.1;
    private static final double LATIN = 1.0 / 3;
    private static final double OTHER = 1.3;

    /** The last letter of Latin Extended-B; what is behind it is not written with few tokens a word. */
    private static final int LAST_LATIN = 0x24F;

    /** From this many tokens on, a call that was charged more than estimated corrects the estimate: errors would be expensive otherwise. */
    private static final double BELIEVED_TOKENS = 2000;

    /** How much slower the estimate falls than it rises. */
    private static final double FALL = 0.2;

    private static final double LEAST = 0.1;
    private static final double MOST = 10;

    private final long textOverhead;

    /** What was charged for each token estimated, as the bits of a double. */
    private final AtomicLong factor = new AtomicLong(Double.doubleToRawLongBits(1));

    /**
     * An estimate that has learnt nothing.
     *
     * @param textOverhead the tokens that each text is charged beyond its own: 2 where a beginning and an end are put around it
     */
    public EstimatedTokens(int textOverhead) {
        if (textOverhead < 0) {
            throw new IllegalArgumentException("an overhead is not negative: " + textOverhead);
        }
        this.textOverhead = textOverhead;
    }

    @Override
    public long count(String text) {
        int latin = 0;
        int other = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= LAST_LATIN) {
                latin++;
            } else {
                other++;
            }
        }
        double estimate = Math.ceil(latin * LATIN) + other * OTHER + textOverhead;
        return Math.max(1, (long) Math.ceil(estimate * factor() * HEADROOM));
    }

    /** A charge of 0 is ignored: some servers report 0 for every call. */
    @Override
    public void learn(long counted, long charged) {
        if (counted <= 0 || charged <= 0) {
            return;
        }
        double ratio = charged * HEADROOM / counted;
        double belief = Math.min(1, counted / BELIEVED_TOKENS) * (ratio > 1 ? 1 : FALL);
        factor.updateAndGet(bits -> {
            double corrected = Double.longBitsToDouble(bits) * (1 + belief * (ratio - 1));
            return Double.doubleToRawLongBits(Math.min(MOST, Math.max(LEAST, corrected)));
        });
    }

    private double factor() {
        return Double.longBitsToDouble(factor.get());
    }
}
