package io.embedlake.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the processor can do, as far as oneDNN may use it. Immutable.
 *
 * @param flags what the processor says that it has, in Linux's words
 * @param limit the instructions that oneDNN is limited to by its environment variable, in its words; empty without a limit
 */
record Processor(Set<String> flags, String limit) {
    private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");
    private static final List<String> BFLOAT16 = List.of("avx512_bf16", "amx_bf16");
    private static final List<String> LIMITS = List.of("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA");
    private static final Set<String> WITH_BFLOAT16 = Set.of(
            "",
            "DEFAULT",
            "AVX512_CORE_BF16",
            "AVX512_CORE_FP16",
            "AVX512_CORE_AMX",
            "AVX512_CORE_AMX_FP16",
            "AVX10_1_512",
            "AVX10_1_512_AMX",
            "AVX10_1_512_AMX_FP16");

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
        Set<String> flags = description
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> Set.copyOf(Arrays.asList(line.split("\\s+"))))
                .orElse(Set.of());
        String limit = LIMITS.stream()
                .filter(environment::containsKey)
                .findFirst()
                .map(name -> environment.get(name).toUpperCase(Locale.ROOT))
                .orElse("");
        return new Processor(flags, limit);
    }

    /** Whether oneDNN computes products of bfloat16 by instructions for them. */
    boolean hasBfloat16() {
        return BFLOAT16.stream().anyMatch(flags::contains) && WITH_BFLOAT16.contains(limit);
    }
}
