package io.embedlake.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class VectorsTest {
    @Test
    void comparesVectorsByTheirAngle() {
        assertEquals(1, Vectors.cosine(new float[] {1, 2}, new float[] {2, 4}), 1e-12);
        assertEquals(0, Vectors.cosine(new float[] {1, 0}, new float[] {0, 3}), 1e-12);
    }

    @Test
    void hasNoNumberForVectorsThatCannotBeCompared() {
        assertTrue(Double.isNaN(Vectors.cosine(new float[] {1}, new float[] {1, 0})));
        assertTrue(Double.isNaN(Vectors.cosine(new float[] {1}, new float[] {Float.NaN})));
        assertTrue(Double.isNaN(Vectors.cosine(new float[] {0}, new float[] {1})));
    }
}
