package io.embedlake.spark.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokenHistogramTest {
    @Test
    void everyNumberIsInTheRangeThatBeginsWithItOrBefore() {
        for (int tokens = 0; tokens < 100_000; tokens++) {
            int range = TokenHistogram.range(tokens);
            assertTrue(TokenHistogram.begin(range) <= tokens, "" + tokens);
            assertTrue(range + 1 == TokenHistogram.ranges() || tokens < TokenHistogram.begin(range + 1), "" + tokens);
        }
        assertEquals(TokenHistogram.ranges() - 1, TokenHistogram.range(Integer.MAX_VALUE));
        assertEquals(0, TokenHistogram.range(-1), "no text has fewer than no tokens");
    }

    @Test
    void countersOfTasksAddUp() {
        TokenHistogram.Counter one = new TokenHistogram.Counter();
        TokenHistogram.Counter other = new TokenHistogram.Counter();
        one.add(5);
        other.add(4);
        other.add(100_000);
        one.add(other);
        TokenHistogram sum = one.counted();
        assertEquals(3, sum.texts());
        assertEquals(2, sum.counts().get(TokenHistogram.range(5)));
        assertEquals(sum, other.counted().plus(counter(5)));
    }

    private static TokenHistogram counter(int tokens) {
        TokenHistogram.Counter counter = new TokenHistogram.Counter();
        counter.add(tokens);
        return counter.counted();
    }

    @Test
    void countsOfOtherRangesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new TokenHistogram(List.of(1L)));
    }
}
