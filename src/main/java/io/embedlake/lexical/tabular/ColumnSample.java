package io.embedlake.lexical.tabular;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The cells of a column in a sample, until its features are fitted to them. Mutable; confined to one thread. */
final class ColumnSample {
    private final String name;
    private final List<Double> numbers = new ArrayList<>();
    private final List<double[]> arrays = new ArrayList<>();
    private final Map<String, Integer> texts = new HashMap<>();
    private boolean hasTexts;

    ColumnSample(String name) {
        this.name = name;
    }

    void add(Cell cell) {
        if (cell instanceof Cell.Numbers array) {
            arrays.add(array.values());
            return;
        }
        if (cell instanceof Cell.Number number) {
            numbers.add(number.value());
        }
        hasTexts |= cell instanceof Cell.Text;
        texts.merge(CategoricalColumn.text(name, cell), 1, Integer::sum);
    }

    /**
     * Fits the features: numbers where all is numbers, arrays where all is arrays of one length, categories else.
     *
     * @param rows how many rows the sample has
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when some cells are arrays and others not, or arrays differ in length
     */
    ColumnFeatures fit(int rows) {
        if (!arrays.isEmpty()) {
            requireOneLength();
            return ArrayColumn.of(name, arrays);
        }
        return hasTexts || numbers.isEmpty()
                ? CategoricalColumn.of(name, texts)
                : NumericColumn.of(name, numbers, numbers.size() < rows);
    }

    private void requireOneLength() {
        int length = arrays.get(0).length;
        if (!texts.isEmpty()) {
            throw refuse("holds arrays and single values", "a column is of one kind");
        }
        for (double[] array : arrays) {
            if (array.length != length) {
                throw refuse(
                        "holds arrays of " + length + " and of " + array.length + " numbers",
                        "all need the same length");
            }
        }
    }

    private EmbedlakeException refuse(String what, String rule) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot learn from the rows: " + JsonRow.named(name) + " " + what + " (" + rule
                        + "). Leave the column out, or prepare it.");
    }
}
