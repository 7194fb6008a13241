package io.embedlake.remote.platform;

import io.embedlake.remote.format.BodySize;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.http.Packed;
import io.embedlake.remote.http.Packer;
import io.embedlake.remote.http.PreparedText;
import io.embedlake.remote.pack.LearntBudgets;
import io.embedlake.remote.pack.Pack;
import io.embedlake.remote.pack.TextTokens;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import io.embedlake.text.Texts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Puts texts into calls as they come, as many into each as the endpoint's budgets allow by now, and reads one call ahead. Thread-safe as
 * what it counts with is.
 */
final class BudgetPacker implements Packer {
    private final io.embedlake.remote.pack.Packer packer;
    private final BodySize bodySize;
    private final TextTokens tokens;
    private final LearntBudgets budgets;
    private final LongTexts longTexts;

    /** What becomes of a text that is longer than the model accepts. */
    enum LongTexts {
        /** It is sent: the provider cuts it or refuses it, or the number is an estimate. */
        SENT,
        /** It is refused here, at no cost. */
        REFUSED
    }

    BudgetPacker(BodySize bodySize, TextTokens tokens, LearntBudgets budgets, LongTexts longTexts) {
        this.packer = new io.embedlake.remote.pack.Packer(bodySize, tokens);
        this.bodySize = bodySize;
        this.tokens = tokens;
        this.budgets = budgets;
        this.longTexts = longTexts;
    }

    @Override
    public Iterator<Packed> pack(Iterator<String> texts) {
        return new Packing(texts);
    }

    @Override
    public Map<String, Long> learntCaps() {
        return budgets.learnt();
    }

    private record Counted(String text, long tokens) {}

    private final class Packing implements Iterator<Packed> {
        private final Iterator<String> input;
        private final List<Counted> window = new ArrayList<>();
        private final Deque<Packed> ready = new ArrayDeque<>();
        private long characters;

        Packing(Iterator<String> input) {
            this.input = input;
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && (!window.isEmpty() || input.hasNext())) {
                fill();
            }
            return !ready.isEmpty();
        }

        @Override
        public Packed next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return ready.removeFirst();
        }

        /** A refused text ends what was read, because order is kept. */
        private void fill() {
            Budgets now = budgets.now();
            while (window.size() <= now.texts() && characters <= now.bodyBytes() && input.hasNext()) {
                String text = input.next();
                Counted counted = new Counted(text, Texts.isBlank(text) ? 0 : tokens.count(text));
                String problem = problem(counted, now);
                if (!problem.isEmpty()) {
                    emit(now, 0);
                    ready.addLast(new Packed.Unsent(new Outcome.Refused(ErrorKind.INVALID_INPUT, problem)));
                    return;
                }
                window.add(counted);
                characters += text.length();
            }
            emit(now, input.hasNext() ? 1 : 0);
        }

        /** Makes calls of what was read; the last may still grow and is kept, unless it is all there is. */
        private void emit(Budgets now, int kept) {
            if (window.isEmpty()) {
                return;
            }
            List<Pack> packs = packer.pack(
                    window.stream().map(Counted::text).toList(),
                    window.stream().mapToLong(Counted::tokens).toArray(),
                    now);
            List<Pack> sent = packs.subList(0, Math.max(1, packs.size() - kept));
            for (Pack pack : sent) {
                ready.addLast(new Packed.Batch(window.subList(pack.from(), pack.to()).stream()
                        .map(counted -> new PreparedText(
                                counted.text(), (int) Math.min(Integer.MAX_VALUE, counted.tokens()), false))
                        .toList()));
            }
            window.subList(0, sent.get(sent.size() - 1).to()).clear();
            characters = window.stream()
                    .mapToLong(counted -> counted.text().length())
                    .sum();
        }
    }

    /** Why a text is not sent; empty when it is. */
    private String problem(Counted counted, Budgets now) {
        String problem = problem(counted.tokens(), now.textTokens(), longTexts);
        if (!problem.isEmpty()) {
            return problem;
        }
        long bytes = bodySize.bodyBytes(1, bodySize.textBytes(counted.text()));
        return bytes > now.bodyBytes()
                ? "the text alone makes a call of " + bytes + " bytes (at most " + now.bodyBytes() + ")"
                : "";
    }

    /** Why a text of this many tokens is not sent; empty if it is. */
    static String problem(long tokens, int mostTokens, LongTexts longTexts) {
        if (tokens == 0) {
            return "there is nothing in the text to embed";
        }
        return longTexts == LongTexts.REFUSED && tokens > mostTokens
                ? "the text has " + tokens + " tokens (at most " + mostTokens + ")"
                : "";
    }
}
