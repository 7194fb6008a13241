package io.embedlake.spark.run;

import io.embedlake.annotation.Stable;
import io.embedlake.spi.InputKind;
import java.time.Duration;
import java.util.Locale;

/**
 * How far the embedding of a column has got. Immutable.
 *
 * @param column the vector column
 * @param inputs what is embedded
 * @param texts how many texts, or images, have an outcome
 * @param total how many will have
 * @param tokens how many tokens were embedded
 * @param elapsed since embedding began
 */
@Stable
public record Progress(String column, InputKind inputs, long texts, long total, long tokens, Duration elapsed) {

    /** Such as {@code text_embedding: 1,200 of 3,000 texts (40 %), 310 texts/s, 4,500 tokens/s, 6 s left}. */
    public String line() {
        double seconds = Math.max(0.001, elapsed.toMillis() / 1000.0);
        double textsPerSecond = texts / seconds;
        boolean isOfImages = inputs == InputKind.IMAGE;
        return String.format(
                Locale.ROOT,
                "%s: %,d of %,d %ss (%d %%), %,.0f %ss/s, %,.0f %s/s, %s left",
                column,
                texts,
                total,
                inputs,
                total == 0 ? 100 : 100 * texts / total,
                textsPerSecond,
                inputs,
                tokens / seconds,
                isOfImages ? "patches" : "tokens",
                texts == 0
                        ? "unknown time"
                        : readable(Duration.ofSeconds(Math.round((total - texts) / textsPerSecond))));
    }

    /** A duration in its one or two largest units, such as {@code 2 h 5 min}. */
    public static String readable(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }
}
