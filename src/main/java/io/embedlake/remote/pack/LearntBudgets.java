package io.embedlake.remote.pack;

import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Budgets.Part;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.Reading.Fault;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/** What an endpoint takes: what its documentation says, made smaller by each refusal. Thread-safe. */
public final class LearntBudgets {
    private final Budgets documented;
    private final AtomicReference<Budgets> now;

    public LearntBudgets(Budgets documented) {
        this.documented = documented;
        this.now = new AtomicReference<>(Objects.requireNonNull(documented));
    }

    /** What a call may hold from now on. */
    public Budgets now() {
        return now.get();
    }

    /**
     * Learns from a refusal: the number that the server names, or half of what it refused.
     *
     * @param fault any; those that are not about size are ignored
     * @param refused the call that it answers
     */
    public void learn(Fault fault, Pack refused) {
        if (fault.cause() == Cause.TEXT_TOO_LONG) {
            // Half of the longest text's length could exclude valid texts: only the server has the limit.
            if (fault.exceeded().filter(Part.TEXT_TOKENS::equals).isPresent()
                    && fault.cap().isPresent()) {
                now.updateAndGet(
                        budgets -> budgets.capped(Part.TEXT_TOKENS, fault.cap().getAsInt()));
            }
            return;
        }
        if (fault.cause() == Cause.CALL_TOO_BIG) {
            Part part = fault.exceeded().orElse(Part.TEXTS);
            long had = had(part, refused);
            // A limit above what was refused is counted in other units than ours.
            boolean helps = fault.cap().isPresent() && fault.cap().getAsInt() < had;
            long cap = helps ? fault.cap().getAsInt() : had / 2;
            now.updateAndGet(budgets -> budgets.capped(part, cap));
        }
    }

    /** What refusals have made smaller, by unit: the most {@code texts}, {@code tokens} and {@code bytes} of a call, and {@code text_tokens}. */
    public Map<String, Long> learnt() {
        Map<String, Long> caps = new TreeMap<>(units(now()));
        caps.entrySet().removeAll(units(documented).entrySet());
        return caps;
    }

    private static Map<String, Long> units(Budgets budgets) {
        return Map.of(
                "texts",
                (long) budgets.texts(),
                "tokens",
                budgets.callTokens(),
                "bytes",
                budgets.bodyBytes(),
                "text_tokens",
                (long) budgets.textTokens());
    }

    private static long had(Part part, Pack refused) {
        return switch (part) {
            case TEXTS -> refused.texts();
            case CALL_TOKENS, TEXT_TOKENS -> refused.tokens();
            case BODY_BYTES -> refused.bodyBytes();
        };
    }
}
