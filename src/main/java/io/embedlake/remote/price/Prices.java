package io.embedlake.remote.price;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A list of prices: for each a platform, the beginning of the models' names, the price and its source. Immutable.
 *
 * <p>A price that sources disagree on is not in the list: it is reported as unknown.
 */
public final class Prices {
    private static final String RESOURCE = "prices.tsv";
    private static final int COLUMNS = 4;

    private record Line(String platform, String modelPrefix, Price price) {}

    private final List<Line> lines;

    private Prices(List<Line> lines) {
        this.lines = lines;
    }

    /** The list that comes with this version. */
    public static Prices known() {
        try (InputStream bytes = Prices.class.getResourceAsStream(RESOURCE)) {
            return parse(new String(bytes.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Parses a list: columns separated by tabs, comment lines starting with #. */
    static Prices parse(String text) {
        return new Prices(text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> {
                    String[] columns = line.split("\t", -1);
                    if (columns.length != COLUMNS) {
                        throw new IllegalArgumentException("a price has " + COLUMNS + " columns: " + line);
                    }
                    return new Line(columns[0], columns[1], new Price(Double.parseDouble(columns[2]), columns[3]));
                })
                .toList());
    }

    /** The price of a platform's model, by the longest beginning of its name that is in the list. */
    public Optional<Price> of(String platform, String model) {
        return lines.stream()
                .filter(line -> line.platform().equals(platform) && model.startsWith(line.modelPrefix()))
                .max(java.util.Comparator.comparingInt(
                        line -> line.modelPrefix().length()))
                .map(Line::price);
    }
}
