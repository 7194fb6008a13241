package io.embedlake.spi;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What a run may spend on a paid model, and the price where the job sets one. Immutable.
 *
 * @param options the {@link #OPTIONS} that the job sets, verbatim
 */
public record Budget(Map<String, String> options) implements Serializable {
    /** The most tokens of a run: not the limit of a text, which is called max-tokens in the spec of a local model. */
    public static final String MAX_TOKENS = "limits.max-tokens";

    /** The same in US dollars. */
    public static final String MAX_COST = "limits.max-cost";

    /** What a million tokens cost in US dollars. */
    public static final String PRICE = "limits.price-per-million-tokens";

    /** The options that a budget is made of. */
    public static final List<String> OPTIONS = List.of(MAX_TOKENS, MAX_COST, PRICE);

    /** Anything may be spent. */
    public static final Budget NONE = new Budget(Map.of());

    /** The budget among all options of a job. */
    public Budget {
        options = options.entrySet().stream()
                .filter(option -> OPTIONS.contains(option.getKey()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The most tokens, if they are limited. */
    public OptionalLong tokens() {
        String most = options.get(MAX_TOKENS);
        return most == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(most));
    }

    /** The most US dollars, if they are limited. */
    public OptionalDouble usd() {
        return number(MAX_COST);
    }

    /** The price of a million tokens, if the job sets one. */
    public OptionalDouble usdPerMillionTokens() {
        return number(PRICE);
    }

    private OptionalDouble number(String option) {
        String value = options.get(option);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(value));
    }
}
