package io.embedlake.local;

import static io.embedlake.testing.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.local.network.Precision;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AutoPrecisionTest {
    private static final List<Precision> GPU = AutoPrecision.candidates(new Device(0), amd("fpu", Map.of()));

    private final List<Precision> loaded = new ArrayList<>();

    @Test
    void aProcessorComputesInBfloat16WhereThatIsFasterThanFloats() {
        assertTrue(amd("sse2 avx512_bf16 avx2", Map.of()).hasFastBfloat16());
        assertTrue(intel("sse2 avx512_bf16 amx_bf16 avx2", Map.of()).hasFastBfloat16());
        assertFalse(
                intel("sse2 avx512_bf16 avx2", Map.of()).hasFastBfloat16(),
                "a virtual machine without the matrix unit");
        for (String flags : List.of("sse2 avx2", "avx512f avx512bw avx512vl", "avx512_bf16x")) {
            assertFalse(amd(flags, Map.of()).hasFastBfloat16(), flags);
        }
        assertFalse(Processor.of(Stream.of("Features : fp asimd"), Map.of()).hasFastBfloat16());
        assertEquals(List.of(Precision.FP32), AutoPrecision.candidates(Device.CPU, amd("sse2 avx512f", Map.of())));
        assertEquals(
                List.of(Precision.BF16, Precision.FP32),
                AutoPrecision.candidates(Device.CPU, amd("avx512_bf16", Map.of())));
    }

    @Test
    void aProcessorIsToldByItsMakerAndWhatModelsComputeWith() {
        String amd = amd("sse2 avx2 avx512f avx512_bf16", Map.of()).toString();
        assertTrue(amd.endsWith("AuthenticAMD avx2 avx512f avx512_bf16, fastest in bf16"), amd);
        String limited = amd("avx2", Map.of("ONEDNN_MAX_CPU_ISA", "avx2")).toString();
        assertTrue(limited.endsWith("AuthenticAMD avx2, limited to AVX2, fastest in fp32"), limited);
        String unknown = Processor.of(Stream.of(), Map.of()).toString();
        assertEquals(System.getProperty("os.arch") + ", fastest in fp32", unknown);
    }

    @Test
    void oneDnnsOwnLimitCounts() {
        for (String name : List.of("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA")) {
            for (String limit : List.of("SSE41", "AVX2", "avx512_core", "AVX512_CORE_VNNI")) {
                assertFalse(amd("avx512_bf16", Map.of(name, limit)).hasFastBfloat16(), limit);
                assertFalse(intel("avx512_bf16 amx_bf16", Map.of(name, limit)).hasFastBfloat16(), limit);
            }
            for (String limit : List.of("avx512_core_amx", "DEFAULT")) {
                assertTrue(amd("avx512_bf16", Map.of(name, limit)).hasFastBfloat16(), limit);
                assertTrue(intel("avx512_bf16 amx_bf16", Map.of(name, limit)).hasFastBfloat16(), limit);
            }
            assertTrue(amd("avx512_bf16", Map.of(name, "AVX512_CORE_BF16")).hasFastBfloat16());
            assertFalse(intel("avx512_bf16 amx_bf16", Map.of(name, "AVX512_CORE_BF16"))
                    .hasFastBfloat16());
        }
    }

    /** libtorch itself only says that an operation failed. */
    @Test
    void aProcessorThatDoesNotComputeInBfloat16IsNamed() {
        String avx512 = "avx512f avx512bw avx512dq avx512vl";
        RuntimeException cause = new IllegalStateException("The following operation failed\nmore");
        for (Processor with :
                List.of(amd(avx512, Map.of()), intel(avx512, Map.of("ONEDNN_MAX_CPU_ISA", "AVX512_CORE")))) {
            assertTrue(with.hasBfloat16(), with.toString());
            assertEquals(
                    "Cannot load the model m on cpu: libtorch refuses it (The following operation failed). Set device to cpu,"
                            + " or change the key model.",
                    LoadedNetwork.unusable("m", Precision.BF16, Device.CPU, with, cause)
                            .getMessage());
        }
        for (Processor without : List.of(
                amd("avx2", Map.of()),
                intel("avx512f", Map.of()),
                intel(avx512, Map.of("ONEDNN_MAX_CPU_ISA", "avx2")))) {
            assertRefused(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the model m in bf16: this processor does not compute it (oneDNN needs AVX-512, and"
                            + " ONEDNN_MAX_CPU_ISA must not be below it). Set precision to auto or fp32, or use another machine.",
                    () -> {
                        throw LoadedNetwork.unusable("m", Precision.BF16, Device.CPU, without, cause);
                    });
        }
    }

    @Test
    void theFirstCandidateThatIsExactEnoughIsTaken() {
        AutoPrecision taken = AutoPrecision.of(
                InputKind.TEXT, GPU, precision -> embedder(precision, precision == Precision.FP32 ? 0 : 0.01f));
        assertEquals(Precision.FP16, taken.precision());
        assertEquals(List.of(Precision.FP32, Precision.FP16), loaded);
        assertTrue(taken.note().startsWith("Precision fp16: the machine computes it faster"), taken.note());
    }

    @Test
    void candidatesThatLoseTooMuchOrBreakAreLeftOut() {
        AutoPrecision taken = AutoPrecision.of(
                InputKind.TEXT, GPU, precision -> embedder(precision, precision == Precision.FP16 ? Float.NaN : 0));
        assertEquals(Precision.BF16, taken.precision());
        assertEquals(
                Precision.FP32,
                AutoPrecision.of(
                                InputKind.TEXT,
                                GPU,
                                precision -> embedder(precision, precision == Precision.FP32 ? 0 : 0.1f))
                        .precision());
    }

    @Test
    void nothingIsLoadedWhereThereIsNoChoice() {
        AutoPrecision taken =
                AutoPrecision.of(InputKind.TEXT, List.of(Precision.FP32), precision -> embedder(precision, 0));
        assertEquals(Precision.FP32, taken.precision());
        assertEquals(List.of(), loaded);
    }

    private static Processor amd(String flags, Map<String, String> environment) {
        return processor("AuthenticAMD", flags, environment);
    }

    private static Processor intel(String flags, Map<String, String> environment) {
        return processor("GenuineIntel", flags, environment);
    }

    private static Processor processor(String vendor, String flags, Map<String, String> environment) {
        return Processor.of(
                Stream.of(
                        "processor : 0",
                        "vendor_id\t: " + vendor,
                        "flags\t\t: " + flags,
                        "",
                        "processor : 1",
                        "flags : amx_bf16"),
                environment);
    }

    /** Gives every text a vector that is off by so much. */
    private Embedder embedder(Precision precision, float error) {
        loaded.add(precision);
        return new Embedder() {
            @Override
            public int dimension() {
                return 2;
            }

            @Override
            public Granularity granularity() {
                return Granularity.ATTRIBUTE;
            }

            @Override
            public EmbeddingSession open() {
                return new Session(error);
            }
        };
    }

    private record Session(float error) implements EmbeddingSession {
        @Override
        public EncodedInput encode(Input input) {
            return new Word(1, false);
        }

        @Override
        public List<float[]> embed(List<EncodedInput> batch) {
            return batch.stream().map(text -> new float[] {1, error}).toList();
        }
    }

    private record Word(int tokens, boolean truncated) implements EncodedInput {}
}
