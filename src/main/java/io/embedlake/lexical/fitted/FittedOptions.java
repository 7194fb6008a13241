package io.embedlake.lexical.fitted;

import io.embedlake.spi.PlatformOption;
import java.util.Optional;

/** The options of models that are fitted on the texts of a column. Stateless. */
final class FittedOptions {
    static final PlatformOption VOCABULARY = PlatformOption.whole(
            "vocabulary",
            10,
            1_000_000,
            "20000",
            "How many words or n-grams the platform's model knows at most: those that most texts have.",
            "20000");

    static final PlatformOption MIN_DOCUMENTS = PlatformOption.whole(
            "min-documents",
            1,
            1_000_000,
            "1",
            "In how many texts of the sample a word or n-gram must stand for the platform's model to know it.",
            "2");

    static final PlatformOption NGRAMS = new PlatformOption(
            "ngrams",
            new PlatformOption.Type.Text(
                    "a range of lengths",
                    "shortest-longest, from 1-1 to 9-9",
                    Optional.of("1-[1-9]|2-[2-9]|3-[3-9]|4-[4-9]|5-[5-9]|6-[6-9]|7-[7-9]|8-[89]|9-9")),
            "2-4",
            "How many characters are counted together, spaces between words included.",
            "2-4");

    private FittedOptions() {}
}
