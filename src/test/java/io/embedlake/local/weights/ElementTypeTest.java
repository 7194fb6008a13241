package io.embedlake.local.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ElementTypeTest {
    private final ByteBuffer data = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void everyNumberOf16BitsIsWrittenAsItIs(ElementType type) {
        for (int bits = 0; bits < 1 << 16; bits++) {
            data.putShort(0, (short) bits);
            float value = type.read(data, 0);
            type.write(data, 0, value);
            if (Float.isNaN(value)) {
                assertEquals(Float.NaN, type.read(data, 0));
            } else {
                assertEquals((short) bits, data.getShort(0), () -> "of " + value);
            }
        }
    }

    /** The expected numbers are those of NumPy's float16 and of PyTorch's bfloat16. */
    @ParameterizedTest
    @CsvSource({
        "F16, 0.1, 0.0999755859375",
        "F16, 2049, 2048",
        "F16, 2051, 2052",
        "F16, 65519, 65504",
        "F16, 65520, Infinity",
        "F16, -1e9, -Infinity",
        "F16, 2.9802322e-8, 0",
        "F16, 3.0e-8, 5.9604645e-8",
        "F16, 6.1e-5, 6.097555e-5",
        "BF16, 0.1, 0.10009765625",
        "BF16, 257, 256",
        "BF16, 259, 260",
        "BF16, 3.4e38, Infinity"
    })
    void othersBecomeTheNearestTiesToEven(ElementType type, float value, float expected) {
        type.write(data, 0, value);
        assertEquals(expected, type.read(data, 0));
        type.write(data, 0, -value);
        assertEquals(-expected, type.read(data, 0));
    }

    @Test
    void floatsStayWhatTheyAre() {
        ElementType.F32.write(data, 0, 0.1f);
        assertEquals(0.1f, ElementType.F32.read(data, 0));
    }
}
