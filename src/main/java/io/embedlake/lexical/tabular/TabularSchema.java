package io.embedlake.lexical.tabular;

import io.embedlake.reduce.SealedBytes;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which columns rows have, and the features a network gets of them: numbers standardised, frequent values one by one. Immutable and
 * thread-safe.
 *
 * <p>As bytes: {@link SealedBytes} named {@code ELTS}, version 1, with the number of columns (int) and for each its kind (byte) and name;
 * then for 1, numbers: mean, deviation (doubles), whether missing ones have a feature (byte); for 2, categories: the number of values
 * (int), the values, whether there are others (byte); for 3, arrays: the length (int), the means (floats), the deviation (double). A text
 * is its UTF-8 bytes after their number (int).
 */
public final class TabularSchema {
    private static final String NAME = "ELTS";
    private static final int VERSION = 1;
    private static final int LEAST_COLUMN_BYTES = 1 + Integer.BYTES;

    private final List<ColumnFeatures> columns;
    private final Set<String> names = new HashSet<>();
    private final int[] places;
    private final int width;

    private TabularSchema(List<ColumnFeatures> columns) {
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a row has at least one column");
        }
        this.columns = columns;
        this.places = new int[columns.size()];
        int at = 0;
        for (int i = 0; i < columns.size(); i++) {
            if (!names.add(columns.get(i).name())) {
                throw new IllegalArgumentException(
                        "two columns named " + columns.get(i).name());
            }
            places[i] = at;
            at += columns.get(i).width();
        }
        this.width = at;
    }

    /**
     * Fits a schema; the order of rows and columns in the sample makes no difference but to the order of features.
     *
     * @param sample rows as JSON, at least one
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a row cannot be read, or a column is of no kind
     */
    public static TabularSchema fit(List<String> sample) {
        Map<String, ColumnSample> samples = new LinkedHashMap<>();
        for (String json : sample) {
            row(json).cells().forEach((name, cell) -> samples.computeIfAbsent(name, ColumnSample::new)
                    .add(cell));
        }
        if (samples.isEmpty()) {
            throw cannotLearn(
                    "all values of the sample are null", "there is nothing to learn", "Choose other columns.");
        }
        return new TabularSchema(samples.values().stream()
                .map(column -> column.fit(sample.size()))
                .toList());
    }

    private static JsonRow row(String json) {
        try {
            return JsonRow.of(json);
        } catch (EmbedlakeException e) {
            throw cannotLearn(
                    "one of " + json.length() + " characters is none",
                    e.getMessage(),
                    "Make the attribute a JSON object, or an array of numbers.");
        }
    }

    private static EmbedlakeException cannotLearn(String value, String rule, String change) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION, "Cannot learn from the rows: " + value + " (" + rule + "). " + change);
    }

    /** How many features a row has. */
    public int width() {
        return width;
    }

    /** How many columns a row may have. */
    public int columns() {
        return columns.size();
    }

    /**
     * The features of a row.
     *
     * @param json the row; columns in any order, and those that are missing left out or null
     * @return {@code [width]}
     * @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} when it is not a row, has a column that the sample did not have, or a
     *     column of another kind
     */
    public float[] features(String json) {
        return features(JsonRow.of(json));
    }

    float[] features(JsonRow row) {
        float[] features = new float[width];
        for (int i = 0; i < places.length; i++) {
            ColumnFeatures column = columns.get(i);
            Cell cell = row.cells().get(column.name());
            if (cell == null) {
                column.missing(features, places[i]);
            } else {
                column.write(cell, features, places[i]);
            }
        }
        row.cells().keySet().forEach(this::requireKnown);
        return features;
    }

    private void requireKnown(String column) {
        if (!names.contains(column)) {
            throw JsonRow.refuse("the model was fitted without " + JsonRow.named(column));
        }
    }

    /** The bytes that {@link #of} reads; equal schemas have equal bytes. */
    public byte[] toBytes() {
        List<byte[]> parts = columns.stream().map(ColumnFeatures::toBytes).toList();
        ByteBuffer content = SealedBytes.buffer(
                Integer.BYTES + parts.stream().mapToInt(part -> part.length).sum());
        content.putInt(parts.size());
        parts.forEach(content::put);
        return SealedBytes.seal(NAME, VERSION, content.array());
    }

    /**
     * The schema of these bytes.
     *
     * @throws IllegalArgumentException when they are something else, of another version or damaged
     */
    public static TabularSchema of(byte[] bytes) {
        return SealedBytes.open(NAME, "a schema of rows", VERSION, bytes, TabularSchema::read);
    }

    private static TabularSchema read(ByteBuffer from) {
        int count = SealedBytes.count(from, LEAST_COLUMN_BYTES);
        return new TabularSchema(IntStream.range(0, count)
                .mapToObj(i -> ColumnFeatures.read(from))
                .toList());
    }
}
