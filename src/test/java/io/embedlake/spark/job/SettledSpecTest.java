package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.DeviceChoice;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A precision that is left open becomes what the column or the store already has, whatever this machine would take. */
class SettledSpecTest {
    private static final Platform PLATFORM = Platforms.named("huggingface");
    private static final EmbedderSpec OPEN = describe("auto");

    /** Without a context: whatever tries on an executor fails. */
    private final SettledSpec settled = new SettledSpec(null, DeviceChoice.AUTO);

    private static EmbedderSpec describe(String precision) {
        return PLATFORM.describe(new EmbedderRequest(Optional.empty(), Map.of("precision", precision)));
    }

    @Test
    void aColumnKeepsItsPrecision() {
        for (String precision : List.of("fp32", "bf16", "fp16")) {
            EmbedderSpec made = describe(precision);
            EmbedderSpec spec = settled.of(OPEN, Optional.of(made.fingerprint().hash()), choice -> false);
            assertEquals(made, spec);
        }
    }

    @Test
    void aNewColumnTakesThePrecisionThatTheStoreHas() {
        EmbedderSpec made = describe("fp32");
        assertEquals(made, settled.of(OPEN, Optional.empty(), made::equals));
    }

    @Test
    void whatTheJobSpellsOutIsTaken() {
        EmbedderSpec asked = describe("fp32");
        String other = describe("bf16").fingerprint().hash();
        assertEquals(asked, settled.of(asked, Optional.of(other), choice -> true));
    }

    @Test
    void aColumnOfAnotherModelIsNoChoice() {
        assertTrue(SettledSpec.known(OPEN, "0".repeat(32)).isEmpty());
    }

    @Test
    void aClusterTakesWhatAllItsMachinesComputeFast() {
        List<EmbedderSpec> fast = List.of(describe("bf16"), describe("fp32"));
        List<EmbedderSpec> plain = List.of(describe("fp32"));
        List<EmbedderSpec> gpu = List.of(describe("fp16"), describe("bf16"), describe("fp32"));
        assertEquals(plain, SettledSpec.common(fast, plain));
        assertEquals(plain, SettledSpec.common(plain, fast));
        assertEquals(fast, SettledSpec.common(gpu, fast));
        assertEquals(fast, SettledSpec.common(fast, gpu));
    }
}
