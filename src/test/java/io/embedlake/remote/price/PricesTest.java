package io.embedlake.remote.price;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PricesTest {
    @Test
    void theLongestBeginningOfAModelsNameCounts() {
        Prices prices = Prices.known();
        assertEquals(0.06, prices.of("voyage", "voyage-4").orElseThrow().usdPerMillionTokens());
        assertEquals(0.02, prices.of("voyage", "voyage-4-lite").orElseThrow().usdPerMillionTokens());
        assertEquals(Optional.empty(), prices.of("openai", "text-embedding-4"));
        assertEquals(Optional.empty(), prices.of("nobody", "voyage-4"));
    }

    @Test
    void everyPriceSaysWhoSaysSoAndWhen() {
        assertTrue(Prices.known()
                .of("openai", "text-embedding-3-small")
                .orElseThrow()
                .source()
                .matches(".*20\\d\\d.*"));
        assertEquals(
                "a price has 4 columns: openai\tx\t1",
                assertThrows(IllegalArgumentException.class, () -> Prices.parse("openai\tx\t1"))
                        .getMessage());
    }

    @Test
    void costIsPriceTimesTokens() {
        assertEquals(0.26, new Price(0.13, "a test, 2026").of(2_000_000), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> new Price(Double.NaN, ""));
    }
}
