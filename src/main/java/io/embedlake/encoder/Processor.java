package io.embedlake.encoder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the processor can do. Stateless. */
final class Processor {
    private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");
    private static final List<String> BFLOAT16 = List.of("avx512_bf16", "amx_bf16");

    private Processor() {}

    /** Whether it has instructions for products of bfloat16; false where it does not say so. */
    static boolean hasBfloat16() {
        try (Stream<String> lines = Files.lines(DESCRIPTION)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .filter(flags -> BFLOAT16.stream()
                            .anyMatch(flag -> List.of(flags.split("\\s+")).contains(flag)))
                    .isPresent();
        } catch (IOException e) {
            return false;
        }
    }
}
