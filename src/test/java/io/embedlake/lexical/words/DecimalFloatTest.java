package io.embedlake.lexical.words;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.testing.Property;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalFloatTest {
    @Test
    void readsWhatTheLibraryReads() {
        Property.holds(100_000, random -> number(random).forEach(DecimalFloatTest::assertSame));
    }

    /** A random float and the middle between it and the next one, in ways in which programs write numbers. */
    private static Stream<String> number(Random random) {
        float number = Float.intBitsToFloat(random.nextInt());
        if (!Float.isFinite(number) || !Float.isFinite(Math.nextUp(number))) {
            return Stream.empty();
        }
        BigDecimal middle =
                new BigDecimal(number).add(new BigDecimal(Math.nextUp(number))).divide(BigDecimal.valueOf(2));
        return Stream.of(
                Float.toString(number),
                String.format(Locale.ROOT, "%.6f", random.nextGaussian()),
                String.format(Locale.ROOT, "%.17g", random.nextGaussian()),
                String.format(Locale.ROOT, "%.4e", (double) number),
                middle.toString(),
                middle.add(BigDecimal.ONE.scaleByPowerOfTen(-45)).toPlainString(),
                middle.round(new java.math.MathContext(16)).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "+1.5",
                ".5",
                "5.",
                "007",
                "1e22",
                "1e-22",
                "1E+2",
                "1e0000001",
                "1e-99999999",
                "0e99999999",
                "0.00000000000000000000000000000000000000000001",
                "16777217",
                "16777219",
                "9007199254740993",
                "999999999999999999999",
                "3.4028235e38",
                "1.17549435e-38",
                "1e-46",
                "1e39"
            })
    void readsEveryWayToWriteANumber(String text) {
        assertSame(text);
    }

    private static void assertSame(String text) {
        byte[] bytes = ("x" + text + "9").getBytes(StandardCharsets.US_ASCII);
        assertEquals(Float.parseFloat(text), DecimalFloat.parse(bytes, 1, bytes.length - 1), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "+",
                "-",
                ".",
                "e1",
                "1e",
                "1e+",
                "1 ",
                " 1",
                "1,5",
                "1d",
                "0x1",
                "NaN",
                "Infinity",
                "1.2.3",
                "1e5.0"
            })
    void whatIsNoNumberIsNone(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertEquals(Float.NaN, DecimalFloat.parse(bytes, 0, bytes.length));
    }
}
