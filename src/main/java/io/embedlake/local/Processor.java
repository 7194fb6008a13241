package io.embedlake.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the processor can do, as far as oneDNN may use it. Immutable.
 *
 * @param vendor who made it, in Linux's words
 * @param flags what the processor says that it has, in Linux's words
 * @param limit the instructions that oneDNN is limited to by its environment variable, in its words; empty without a limit
 */
record Processor(String vendor, Set<String> flags, String limit) {
    private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");
    private static final String AMD = "AuthenticAMD";
    private static final Set<String> FOR_BFLOAT16 = Set.of("avx512bw", "avx512dq", "avx512vl");
    private static final Set<String> WITHOUT_BFLOAT16 = Set.of("SSE41", "AVX", "AVX2", "AVX2_VNNI");
    private static final List<String> TOLD =
            List.of("avx2", "avx_vnni", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8");
    private static final List<String> LIMITS = List.of("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA");
    private static final Set<String> WITH_MATRICES =
            Set.of("", "DEFAULT", "AVX512_CORE_AMX", "AVX512_CORE_AMX_FP16", "AVX10_1_512_AMX", "AVX10_1_512_AMX_FP16");
    private static final Set<String> WITH_VECTORS = Set.of("AVX512_CORE_BF16", "AVX512_CORE_FP16", "AVX10_1_512");

    /** That of this machine; one without any feature where it does not say. */
    static Processor here() {
        try (Stream<String> lines = Files.lines(DESCRIPTION)) {
            return of(lines, System.getenv());
        } catch (IOException e) {
            return of(Stream.of(), System.getenv());
        }
    }

    /** The one of a Linux description. */
    static Processor of(Stream<String> description, Map<String, String> environment) {
        List<String> lines = description.toList();
        Set<String> flags = Set.copyOf(Arrays.asList(value(lines, "flags").split("\\s+")));
        String limit = LIMITS.stream()
                .filter(environment::containsKey)
                .findFirst()
                .map(name -> environment.get(name).toUpperCase(Locale.ROOT))
                .orElse("");
        return new Processor(value(lines, "vendor_id"), flags, limit);
    }

    private static String value(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse("");
    }

    /**
     * Whether oneDNN computes products of bfloat16 faster than those of floats. The matrix unit does on every processor; the vector
     * instruction does on AMD's, while Intel's execute it on one port where floats have two, and conversions make it slower.
     */
    boolean hasFastBfloat16() {
        boolean hasMatrices = flags.contains("amx_bf16") && WITH_MATRICES.contains(limit);
        boolean hasVectors = flags.contains("avx512_bf16")
                && vendor.equals(AMD)
                && (WITH_MATRICES.contains(limit) || WITH_VECTORS.contains(limit));
        return hasMatrices || hasVectors;
    }

    /** Whether oneDNN computes products of bfloat16 at all, as libtorch asks for. */
    boolean hasBfloat16() {
        return flags.containsAll(FOR_BFLOAT16) && !WITHOUT_BFLOAT16.contains(limit);
    }

    /** Its maker and those instructions that models compute with. */
    @Override
    public String toString() {
        return Stream.concat(
                                Stream.of(System.getProperty("os.arch"), vendor),
                                TOLD.stream().filter(flags::contains))
                        .filter(word -> !word.isEmpty())
                        .collect(Collectors.joining(" "))
                + (limit.isEmpty() ? "" : ", limited to " + limit)
                + (hasFastBfloat16() ? ", fastest in bf16" : ", fastest in fp32");
    }
}
