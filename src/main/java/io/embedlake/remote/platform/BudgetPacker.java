package io.embedlake.remote.platform;

import io.embedlake.remote.format.BodySize;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.http.Packed;
import io.embedlake.remote.http.Packer;
import io.embedlake.remote.http.PreparedText;
import io.embedlake.remote.pack.LearntBudgets;
import io.embedlake.remote.pack.Pack;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Puts inputs into calls as they come, as many into each as the endpoint's budgets allow by now, and reads one call ahead. Thread-safe as
 * what it counts with is.
 */
final class BudgetPacker implements Packer {
    private final io.embedlake.remote.pack.Packer packer;
    private final BodySize bodySize;
    private final SentForm form;
    private final LearntBudgets budgets;
    private final LongTexts longTexts;

    /** What becomes of a text that is longer than the model accepts. */
    enum LongTexts {
        /** It is sent: the provider cuts it or refuses it, or the number is an estimate. */
        SENT,
        /** It is refused here, at no cost. */
        REFUSED
    }

    BudgetPacker(BodySize bodySize, SentForm form, LearntBudgets budgets, LongTexts longTexts) {
        this.packer = new io.embedlake.remote.pack.Packer(bodySize);
        this.bodySize = bodySize;
        this.form = form;
        this.budgets = budgets;
        this.longTexts = longTexts;
    }

    @Override
    public Iterator<Packed> pack(Iterator<Input> inputs) {
        return new Packing(inputs);
    }

    @Override
    public Map<String, Long> learntCaps() {
        return budgets.learnt();
    }

    private final class Packing implements Iterator<Packed> {
        private final Iterator<Input> input;
        private final List<SentForm.Sent> window = new ArrayList<>();
        private final Deque<Packed> ready = new ArrayDeque<>();
        private long characters;

        Packing(Iterator<Input> input) {
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

        /** A refused input ends what was read, because order is kept. */
        private void fill() {
            Budgets now = budgets.now();
            while (window.size() <= now.texts() && characters <= now.bodyBytes() && input.hasNext()) {
                Input next = input.next();
                SentForm.Sent sent;
                try {
                    sent = sent(next, now);
                } catch (EmbedlakeException e) {
                    if (!e.kind().concernsRows()) {
                        throw e;
                    }
                    emit(now, 0);
                    ready.addLast(new Packed.Unsent(new Outcome.Refused(e.kind(), e.getMessage())));
                    return;
                }
                window.add(sent);
                characters += sent.text().length();
            }
            emit(now, input.hasNext() ? 1 : 0);
        }

        /** Makes calls of what was read; the last may still grow and is kept, unless it is all there is. */
        private void emit(Budgets now, int kept) {
            if (window.isEmpty()) {
                return;
            }
            List<Pack> packs = packer.pack(
                    window.stream().map(SentForm.Sent::text).toList(),
                    window.stream().mapToLong(SentForm.Sent::tokens).toArray(),
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

    /** An input as it is sent; {@link ErrorKind#INVALID_INPUT} where it is not. */
    private SentForm.Sent sent(Input input, Budgets now) {
        SentForm.Sent sent = form.of(input);
        String problem = problem(sent.tokens(), now.textTokens(), longTexts);
        if (!problem.isEmpty()) {
            throw new EmbedlakeException(ErrorKind.INVALID_INPUT, problem);
        }
        long bytes = bodySize.bodyBytes(1, bodySize.textBytes(sent.text()));
        if (bytes > now.bodyBytes()) {
            throw new EmbedlakeException(
                    ErrorKind.INVALID_INPUT,
                    "the " + form.kind() + " alone makes a call of " + bytes + " bytes (at most " + now.bodyBytes()
                            + ")");
        }
        return sent;
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
