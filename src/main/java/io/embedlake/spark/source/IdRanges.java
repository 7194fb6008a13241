package io.embedlake.spark.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Ranges that hold the values of an id, with wide gaps between them: a table whose files hold neighbouring ids is then read in few files.
 * Immutable.
 *
 * @param ranges pairs of a first and a last value, in order; nothing where the values have no order that narrows anything
 */
public record IdRanges(List<Range> ranges) {
    /** No narrowing: of too many values, or of a type whose values are not compared. */
    public static final IdRanges ANYTHING = new IdRanges(List.of());

    private static final int MOST_VALUES = 200_000;
    private static final int MOST_RANGES = 64;

    /** A gap that is narrower than this share of everything passes over no file: each range makes the condition longer. */
    private static final double LEAST_GAP = 1e-4;

    public IdRanges {
        ranges = List.copyOf(ranges);
    }

    /**
     * The values from one to another, both included. Immutable.
     *
     * @param first comparable with {@code last}
     */
    public record Range(Object first, Object last) {}

    /**
     * The ranges of a column's values. Up to {@value #MOST_VALUES} of them go to the driver.
     *
     * @param count how many rows there are
     */
    public static IdRanges of(Dataset<Row> rows, String column, long count) {
        if (count == 0 || count > MOST_VALUES) {
            return ANYTHING;
        }
        List<Object> values = rows.select(col(column)).collectAsList().stream()
                .map(row -> row.get(0))
                .toList();
        return of(values);
    }

    /** The ranges of some values of one type. */
    static IdRanges of(List<Object> values) {
        if (values.isEmpty() || !values.stream().allMatch(IdRanges::isOrdered)) {
            return ANYTHING;
        }
        Object[] sorted = new TreeSet<>(values).toArray();
        double[] places = places(sorted);
        double least = LEAST_GAP * (places[places.length - 1] - places[0]);
        List<Integer> widest = IntStream.range(1, sorted.length)
                .boxed()
                .filter(at -> places[at] - places[at - 1] > least)
                .sorted(Comparator.comparingDouble((Integer at) -> places[at] - places[at - 1])
                        .reversed())
                .limit(MOST_RANGES - 1)
                .sorted()
                .toList();
        List<Range> ranges = new ArrayList<>();
        int from = 0;
        for (int to : widest) {
            ranges.add(new Range(sorted[from], sorted[to - 1]));
            from = to;
        }
        ranges.add(new Range(sorted[from], sorted[sorted.length - 1]));
        return new IdRanges(ranges);
    }

    /** Text that Java and Spark order alike: Spark compares bytes, Java UTF-16 units. */
    private static boolean isOrdered(Object value) {
        return value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte
                || value instanceof BigDecimal
                || value instanceof java.sql.Date
                || value instanceof java.sql.Timestamp
                || value instanceof String text && text.chars().allMatch(unit -> unit < 0x80);
    }

    /** Where values stand on a line, for the width of gaps alone. */
    private static double[] places(Object[] sorted) {
        int shared = sorted[0] instanceof String first ? shared(first, (String) sorted[sorted.length - 1]) : 0;
        return Arrays.stream(sorted).mapToDouble(value -> place(value, shared)).toArray();
    }

    private static int shared(String first, String last) {
        int shared = 0;
        while (shared < Math.min(first.length(), last.length()) && first.charAt(shared) == last.charAt(shared)) {
            shared++;
        }
        return shared;
    }

    private static double place(Object value, int shared) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof java.util.Date time) {
            return time.getTime();
        }
        byte[] bytes = ((String) value).getBytes(StandardCharsets.US_ASCII);
        double place = 0;
        for (int i = shared; i < shared + 6; i++) {
            place = place * 128 + (i < bytes.length ? bytes[i] : 0);
        }
        return place;
    }

    /** The condition that a column's value is in one of the ranges; nothing where there is none to put. */
    public Optional<Column> contain(Column column) {
        return ranges.stream()
                .map(range -> column.geq(lit(range.first())).and(column.leq(lit(range.last()))))
                .reduce(Column::or);
    }

    /** The rows whose value may be in the ranges. */
    public Dataset<Row> of(Dataset<Row> rows, Column column) {
        return contain(column).map(rows::where).orElse(rows);
    }
}
