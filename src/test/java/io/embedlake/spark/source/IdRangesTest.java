package io.embedlake.spark.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.testing.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class IdRangesTest {
    @Test
    void neighboursAreOneRange() {
        List<Object> ids = new ArrayList<>(LongStream.range(5, 20_000).boxed().toList());
        assertEquals(List.of(new IdRanges.Range(5L, 19_999L)), IdRanges.of(ids).ranges());
    }

    @Test
    void aGapThatPassesOverFilesEndsARange() {
        List<Object> ids = new ArrayList<>(LongStream.range(0, 1_000).boxed().toList());
        ids.addAll(LongStream.range(1_000_000, 1_001_000).boxed().toList());
        assertEquals(
                List.of(new IdRanges.Range(0L, 999L), new IdRanges.Range(1_000_000L, 1_000_999L)),
                IdRanges.of(ids).ranges());
    }

    @Test
    void fewIdsAreARangeEach() {
        assertEquals(
                List.of(
                        new IdRanges.Range("a-17", "a-17"),
                        new IdRanges.Range("b-3", "b-3"),
                        new IdRanges.Range("z", "z")),
                IdRanges.of(List.of("z", "a-17", "b-3")).ranges());
        assertEquals(
                List.of(new IdRanges.Range(7, 7)), IdRanges.of(List.of(7, 7)).ranges());
    }

    @Test
    void whatHasNoOrderIsAnything() {
        assertEquals(IdRanges.ANYTHING, IdRanges.of(List.of()));
        assertEquals(IdRanges.ANYTHING, IdRanges.of(List.of("a", "\u00e9")));
        assertEquals(IdRanges.ANYTHING, IdRanges.of(List.of(1.5, 2.5)));
    }

    @Test
    void rangesHoldAllValuesInOrderAndAreFew() {
        Property.holds(500, random -> {
            TreeSet<Long> values = new TreeSet<>();
            long scale = 1 + (long) Math.pow(10, random.nextInt(9));
            for (int left = random.nextInt(500); left >= 0; left--) {
                values.add(random.nextLong(scale) * (random.nextBoolean() ? 1 : scale) - scale / 2);
            }
            List<IdRanges.Range> ranges = IdRanges.of(new ArrayList<>(values)).ranges();
            assertTrue(ranges.size() <= 64);
            long before = Long.MIN_VALUE;
            for (IdRanges.Range range : ranges) {
                assertTrue(before < (Long) range.first() && (Long) range.first() <= (Long) range.last());
                before = (Long) range.last();
            }
            for (long value : values) {
                assertTrue(ranges.stream()
                        .anyMatch(range -> (Long) range.first() <= value && value <= (Long) range.last()));
            }
        });
    }
}
