package io.embedlake.local;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What becomes of a text that is longer than the model reads. Immutable.
 *
 * @param rule which
 * @param overlap how many tokens neighbouring chunks share
 */
record LongText(Rule rule, int overlap) {
    static final String RULE = "long-text";
    static final String OVERLAP = "long-text-overlap";

    /** Its end is left out, and it is counted as truncated. */
    static final LongText TRUNCATE = new LongText(Rule.TRUNCATE, 0);

    private static final int DEFAULT_OVERLAP = 32;

    /** The rules. */
    enum Rule {
        /** The end is left out, and the text is counted as truncated. */
        TRUNCATE,
        /** The text is rejected. */
        ERROR,
        /** The text is split into overlapping chunks; its vector is the mean of theirs, weighted by their tokens. */
        SPLIT_MEAN,
        /** The text is split into overlapping chunks, each with its own vector and row. */
        SPLIT_ROWS;

        boolean splits() {
            return this == SPLIT_MEAN || this == SPLIT_ROWS;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * The rule that these settings ask for.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is none, or the overlap leaves chunks no progress
     */
    static LongText of(String label, Map<String, String> settings, int maxTokens) {
        String name = settings.getOrDefault(RULE, Rule.TRUNCATE.toString());
        Rule rule = Arrays.stream(Rule.values())
                .filter(candidate -> candidate.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot treat long texts for the model " + label + " like this: " + name + " (one of "
                                + Arrays.stream(Rule.values())
                                        .map(Rule::toString)
                                        .collect(Collectors.joining(", "))
                                + "). Correct the key long-text."));
        if (!rule.splits()) {
            return new LongText(rule, 0);
        }
        int overlap = Integer.parseInt(
                settings.getOrDefault(OVERLAP, String.valueOf(Math.min(DEFAULT_OVERLAP, maxTokens / 4))));
        if (overlap >= maxTokens / 2) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot split long texts for the model " + label + " with an overlap of " + overlap
                            + " tokens (less than half of the " + maxTokens
                            + " that it reads). Make long-text-overlap smaller, or max-tokens larger.");
        }
        return new LongText(rule, overlap);
    }
}
