package io.embedlake.remote.pack;

import io.embedlake.remote.format.BodySize;
import io.embedlake.remote.format.Budgets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Groups texts into calls, in their order and as many into each as the budgets allow. A text that is over a budget by itself gets a call of
 * its own: a server that cuts long texts takes it, and any other names it without harm to its neighbours. Immutable.
 */
public record Packer(BodySize bodySize) {
    public Packer {
        Objects.requireNonNull(bodySize);
    }

    /**
     * The calls that hold these texts: together all of them, each once.
     *
     * @param counts the tokens of each
     */
    public List<Pack> pack(List<String> texts, long[] counts, Budgets budgets) {
        List<Pack> packs = new ArrayList<>();
        int from = 0;
        long packTokens = 0;
        long packBytes = 0;
        for (int i = 0; i < texts.size(); i++) {
            long textTokens = counts[i];
            long textBytes = bodySize.textBytes(texts.get(i));
            boolean alone = !fits(1, textTokens, textBytes, budgets) || textTokens > budgets.textTokens();
            if (i > from && (alone || !fits(i - from + 1, packTokens + textTokens, packBytes + textBytes, budgets))) {
                packs.add(pack(from, i, packTokens, packBytes, true));
                from = i;
                packTokens = 0;
                packBytes = 0;
            }
            packTokens += textTokens;
            packBytes += textBytes;
            if (alone) {
                packs.add(pack(from, i + 1, packTokens, packBytes, false));
                from = i + 1;
                packTokens = 0;
                packBytes = 0;
            }
        }
        if (from < texts.size()) {
            packs.add(pack(from, texts.size(), packTokens, packBytes, true));
        }
        return packs;
    }

    private boolean fits(int texts, long callTokens, long textBytes, Budgets budgets) {
        return texts <= budgets.texts()
                && callTokens <= budgets.callTokens()
                && bodySize.bodyBytes(texts, textBytes) <= budgets.bodyBytes();
    }

    private Pack pack(int from, int to, long packTokens, long textBytes, boolean fits) {
        return new Pack(from, to, packTokens, bodySize.bodyBytes(to - from, textBytes), fits);
    }
}
