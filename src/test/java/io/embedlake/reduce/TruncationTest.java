package io.embedlake.reduce;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TruncationTest {
    @Test
    void keepsTheFirstValuesAndBringsThemToLengthOne() {
        assertArrayEquals(new float[] {0.6f, 0.8f}, new Truncation(2).reduce(new float[] {3, 4, 12}), 1e-6f);
    }

    @Test
    void leavesTheVectorAlone() {
        float[] vector = {3, 4};
        new Truncation(2).reduce(vector);
        assertArrayEquals(new float[] {3, 4}, vector);
    }

    @Test
    void zerosStayZeros() {
        assertArrayEquals(new float[] {0, 0}, new Truncation(2).reduce(new float[] {0, 0, 1}));
    }

    @Test
    void refusesToMakeVectorsLonger() {
        assertEquals(
                "a vector of 2 values, less than 3",
                assertThrows(IllegalArgumentException.class, () -> new Truncation(3).reduce(new float[2]))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Truncation(0));
    }
}
