package io.embedlake.remote.platform.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.Spans;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokenJoinTest {
    private static final TokenJoin JOIN = new TokenJoin(1, false);

    private static Outcome of(float... values) {
        return new Outcome.Embedded(values, Optional.empty(), 1, 0, 1, false);
    }

    private static Outcome.Embedded joined(String text, Outcome rows, Outcome pairs) {
        return (Outcome.Embedded) JOIN.outcome(text, rows, pairs);
    }

    @Test
    void leavesSpecialTokensOutAndCountsInCodePoints() {
        Outcome.Embedded joined = joined("\ud83d\ude42gr\u00fcn", of(9, 1, 2, 9), of(-1, -1, 0, 4, 4, 9, -1, -1));

        assertEquals(
                new Spans(new int[] {0, 1}, new int[] {1, 5}), joined.spans().orElseThrow());
        assertArrayEquals(new float[] {1, 2}, joined.vector());
        assertEquals(4, joined.tokens());
    }

    @Test
    void aTokenOfSomeBytesOfACharacterHasAllOfIt() {
        Outcome.Embedded joined = joined("\ud83d\ude42", of(1, 2), of(0, 2, 2, 4));

        assertEquals(
                new Spans(new int[] {0, 0}, new int[] {1, 1}), joined.spans().orElseThrow());
    }

    @Test
    void ofATextThatWasCutItsFirstTokensAreKept() {
        Outcome.Embedded joined = joined("a b c", of(9, 1, 2, 9), of(-1, -1, 0, 1, 2, 3, 4, 5, -1, -1));

        assertEquals(
                new Spans(new int[] {0, 2}, new int[] {1, 3}), joined.spans().orElseThrow());
        assertArrayEquals(new float[] {1, 2}, joined.vector());
        assertTrue(joined.truncated());
    }

    @Test
    void modelsWithoutSpecialTokensHaveVectorsOfAll() {
        assertArrayEquals(
                new float[] {1, 2}, joined("a b", of(1, 2), of(0, 1, 2, 3)).vector());
    }

    @Test
    void whatDoesNotFitIsNeverWritten() {
        assertRefused(JOIN.outcome("a", of(1, 2, 3), of(0, 1)), "3 values for 1 tokens");
        assertRefused(JOIN.outcome("a", of(1), of(5, 6)), "a token ends at byte 6 of 1");
        assertRefused(new TokenJoin(2, false).outcome("a", of(1, 2, 3), of(0, 1, 0, 1)), "3 values for 2 tokens");
    }

    @Test
    void aTextThatEitherCallRefusesIsRefused() {
        Outcome refused = new Outcome.Refused(ErrorKind.INVALID_INPUT, "too long");
        assertEquals(refused, JOIN.outcome("a", refused, of(0, 1)));
        assertEquals(refused, JOIN.outcome("a", of(1), refused));
    }

    private static void assertRefused(Outcome outcome, String reason) {
        Outcome.Refused refused = (Outcome.Refused) outcome;
        assertEquals(ErrorKind.PROTOCOL, refused.kind());
        assertTrue(refused.reason().contains(reason), refused.reason());
    }
}
