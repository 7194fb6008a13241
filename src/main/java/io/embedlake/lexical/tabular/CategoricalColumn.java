package io.embedlake.lexical.tabular;

import io.embedlake.reduce.SealedBytes;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A column of texts or flags: 1 at the place of the value, 0 at those of the others; the last place is that of all values that are not
 * frequent. What is missing is 0 everywhere, and so is a value that the sample did not have when it had no such rest. Immutable and
 * thread-safe.
 */
final class CategoricalColumn implements ColumnFeatures {
    static final byte KIND = 2;

    /** The maximum number of values that are encoded one by one. */
    private static final int MOST_VALUES = 20;

    private final String name;
    private final Map<String, Integer> places = new LinkedHashMap<>();
    private final boolean hasRest;

    private CategoricalColumn(String name, List<String> values, boolean hasRest) {
        this.name = name;
        for (String value : values) {
            if (places.put(value, places.size()) != null) {
                throw new IllegalArgumentException("a value twice in the column " + name);
            }
        }
        this.hasRest = hasRest;
        if (width() == 0) {
            throw new IllegalArgumentException("no values in the column " + name);
        }
    }

    /**
     * The column of these values.
     *
     * @param counts how often each is in the sample
     */
    static CategoricalColumn of(String name, Map<String, Integer> counts) {
        List<String> frequent = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_VALUES)
                .map(Map.Entry::getKey)
                .toList();
        return new CategoricalColumn(name, frequent, frequent.size() < counts.size());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int width() {
        return places.size() + (hasRest ? 1 : 0);
    }

    @Override
    public void missing(float[] features, int at) {
        // Zeros.
    }

    @Override
    public void write(Cell cell, float[] features, int at) {
        Integer place = places.get(text(name, cell));
        if (place != null) {
            features[at + place] = 1;
        } else if (hasRest) {
            features[at + places.size()] = 1;
        }
    }

    /** What a cell is as a value. */
    static String text(String column, Cell cell) {
        if (cell instanceof Cell.Text text) {
            return text.text();
        }
        if (cell instanceof Cell.Number number) {
            return number.text();
        }
        if (cell instanceof Cell.NoNumber none) {
            return none.text();
        }
        throw ColumnFeatures.refuse(column, cell, "single values");
    }

    @Override
    public byte[] toBytes() {
        byte[] text = ColumnFeatures.utf8(name);
        List<byte[]> values = places.keySet().stream().map(ColumnFeatures::utf8).toList();
        int bytes =
                values.stream().mapToInt(value -> Integer.BYTES + value.length).sum();
        ByteBuffer to = SealedBytes.buffer(2 + 2 * Integer.BYTES + text.length + bytes);
        to.put(KIND);
        SealedBytes.putBytes(text, to);
        to.putInt(values.size());
        values.forEach(value -> SealedBytes.putBytes(value, to));
        return to.put((byte) (hasRest ? 1 : 0)).array();
    }

    static CategoricalColumn read(String name, ByteBuffer from) {
        int count = SealedBytes.count(from, Integer.BYTES);
        List<String> values = IntStream.range(0, count)
                .mapToObj(i -> ColumnFeatures.string(from))
                .toList();
        return new CategoricalColumn(name, values, from.get() != 0);
    }
}
