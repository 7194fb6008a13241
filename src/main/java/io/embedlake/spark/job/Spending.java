package io.embedlake.spark.job;

import io.embedlake.pipeline.WorkPlan;
import io.embedlake.remote.batch.BatchBudget;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.spi.Budget;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** What a run's tokens cost, and whether it may spend more. Confined to the driver; one run an instance. */
final class Spending {
    private long tokens;
    private double usd;

    /** What the tokens of a spec cost. */
    static WorkPlan.Charge charge(EmbedderSpec spec) {
        return ProviderPlatform.of(spec).map(provider -> charge(provider, spec)).orElse(WorkPlan.Charge.NONE);
    }

    private static WorkPlan.Charge charge(ProviderPlatform provider, EmbedderSpec spec) {
        return provider.price(spec)
                .map(price -> new WorkPlan.Charge(OptionalDouble.of(price.usdPerMillionTokens()), price.source()))
                .orElseGet(() -> new WorkPlan.Charge(
                        OptionalDouble.empty(),
                        "no price of " + spec.label() + " is known; set limits.price-per-million-tokens"));
    }

    /**
     * Makes sure that another wave may begin.
     *
     * @throws EmbedlakeException {@link ErrorKind#EXHAUSTED} when the job's budget is used up, {@link ErrorKind#CONFIGURATION} when
     *     the price is unknown
     */
    void requireLeft(EmbedderSpec spec) {
        OptionalLong mostTokens = spec.budget().tokens();
        if (mostTokens.isPresent() && tokens >= mostTokens.getAsLong()) {
            throw usedUp(spec, tokens + " tokens", Budget.MAX_TOKENS);
        }
        OptionalDouble mostUsd = spec.budget().usd();
        if (mostUsd.isEmpty()) {
            return;
        }
        if (charge(spec).usdPerMillionTokens().isEmpty()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot keep to limits.max-cost: no price of " + spec.label()
                            + " is known (the cost is tokens times price). Set limits.price-per-million-tokens.");
        }
        if (usd >= mostUsd.getAsDouble()) {
            throw usedUp(spec, inUsd(usd), Budget.MAX_COST);
        }
    }

    /** How many more tokens may be spent with a spec; empty where any number may. */
    OptionalLong tokensLeft(EmbedderSpec spec) {
        return ProviderPlatform.of(spec)
                .map(provider -> provider.tokensLeft(spec, tokens, usd))
                .orElseGet(OptionalLong::empty);
    }

    /** What is left of the budget for a spec, for callers that count tokens before sending. */
    BatchBudget budget(EmbedderSpec spec) {
        return new BatchBudget() {
            @Override
            public long left() {
                return tokensLeft(spec).orElse(Long.MAX_VALUE);
            }

            @Override
            public void spend(long more) {
                spent(spec, more);
            }

            @Override
            public EmbedlakeException usedUp() {
                requireLeft(spec);
                OptionalLong most = spec.budget().tokens();
                boolean isByTokens = most.isPresent() && most.getAsLong() - tokens == left();
                String key = isByTokens ? Budget.MAX_TOKENS : Budget.MAX_COST;
                return stopped((isByTokens ? tokens + " tokens" : inUsd(usd))
                        + " were spent, and the next text would cost more than is left (" + key + " is "
                        + spec.budget().options().get(key) + ")");
            }
        };
    }

    private static EmbedlakeException usedUp(EmbedderSpec spec, String spent, String key) {
        return stopped(
                spent + " were spent (" + key + " is " + spec.budget().options().get(key) + ")");
    }

    private static EmbedlakeException stopped(String why) {
        return new EmbedlakeException(
                ErrorKind.EXHAUSTED,
                "Cannot go on embedding: " + why + ". What was embedded is kept: raise it and start the job again.");
    }

    private static String inUsd(double amount) {
        return String.format(Locale.ROOT, "%.4f USD", amount);
    }

    /** Records tokens embedded with a spec; those of local models are not charged. */
    void spent(EmbedderSpec spec, long more) {
        if (ProviderPlatform.of(spec).isPresent()) {
            tokens += more;
            usd += charge(spec).of(more).orElse(0);
        }
    }
}
