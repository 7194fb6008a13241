package io.embedlake.reduce.quality;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.reduce.NoReduction;
import io.embedlake.reduce.Reducer;
import io.embedlake.reduce.Reduction;
import io.embedlake.reduce.SealedBytes;
import io.embedlake.reduce.Truncation;
import io.embedlake.reduce.pca.PcaReducer;
import io.embedlake.reduce.quantize.ByteScales;
import io.embedlake.reduce.quantize.Codebooks;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FitFileTest {
    private static final float[] VECTOR = {0.5f, -2, 3};

    private static final PcaReducer PCA = new PcaReducer(
            new float[][] {{1, 0, 0}, {0, 0.6f, 0.8f}}, new float[] {0.1f, 0.2f, 0.3f}, new double[] {0.7, 0.2, 0.1});

    private static FitFile again(Reduction reduction, Optional<Quality> quality) {
        FitFile file = new FitFile(3, new Fit(reduction, 20_234, 0.9, 0.25, quality));
        FitFile read = FitFile.of(file.toBytes());
        assertArrayEquals(file.toBytes(), read.toBytes());
        assertEquals(3, read.inputDimensions());
        assertEquals(20_234, read.fit().sampleRows());
        assertEquals(0.9, read.fit().varianceKept());
        assertEquals(0.25, read.fit().squaredError());
        assertEquals(quality, read.fit().quality());
        assertArrayEquals(reduction.published(VECTOR), read.fit().reduction().published(VECTOR));
        return read;
    }

    private static void again(Reducer reducer) {
        again(Reduction.of(reducer), Optional.empty());
    }

    @Test
    void everyReducerIsReadAsItWasWritten() {
        again(new NoReduction());
        again(new Truncation(2));
        again(PCA);
        again(PCA.centered());
        again(PCA.padded(5));
        again(PCA.rotated(7));
    }

    @Test
    void soAreQuantizersAndFigures() {
        Optional<Quality> quality = Optional.of(new Quality(100, 50, 2, 0.1, 0.2, 0.3, 0.4, 0.5));
        again(Reduction.of(PCA, new ByteScales(new float[] {0.01f, 0})), quality);
        again(Reduction.of(PCA, new Codebooks(new int[] {1, 0}, new float[][] {{-1, 1}, {0.5f}})), quality);
    }

    @Test
    void otherBytesAreRefused() {
        byte[] bytes = new FitFile(3, new Fit(Reduction.of(PCA), 9, 1, 0, Optional.empty())).toBytes();
        bytes[20] ^= 1;
        refused(bytes, "a fitted reduction that is damaged");
        refused(new byte[3], "it is not a fitted reduction");
        refused(SealedBytes.seal("ELFR", 2, new byte[0]), "a fitted reduction of version 2");
    }

    private static void refused(byte[] bytes, String part) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> FitFile.of(bytes));
        assertTrue(e.getMessage().contains(part), e::getMessage);
    }
}
