package io.embedlake.cli.doctor;

import com.sun.management.OperatingSystemMXBean;
import io.embedlake.local.NativeLibraries;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Platforms;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Looks at the machine: Java, memory, processor, the cache's folder, native libraries, GPUs. Immutable.
 *
 * @param cache where models are unpacked
 * @param heapKeys what sets the heap of this JVM
 */
record MachineChecks(Path cache, String heapKeys) {
    /** What sets the heap of a command, which is Spark's driver. */
    static final String HEAP_OF_DRIVER = "EMBEDLAKE_HEAP, or spark.driver.memory with spark-submit";

    /** What sets the heap of an executor. */
    static final String HEAP_OF_EXECUTOR = "spark.executor.memory";

    static final String JAVA = "java";
    static final String MEMORY = "memory";
    static final String PROCESSOR = "processor";
    static final String LIBTORCH = "libtorch";
    static final String ONNX_RUNTIME = "onnx runtime";
    static final String TOKENIZERS = "tokenizers";
    static final String GPUS = "gpus";
    static final String DISK_SPACE = "disk space";

    private static final int TESTED_JAVA = 17;
    private static final long MEBIBYTE = 1L << 20;
    private static final long COMFORTABLE_HEAP = 1024 * MEBIBYTE;

    /** The embedded model takes 87 MiB. */
    private static final long NEEDED_DISK = 100 * MEBIBYTE;

    private static final long COMFORTABLE_DISK = 1024 * MEBIBYTE;

    /** The model and ONNX Runtime work outside the heap. */
    private static final double LARGEST_SHARE_OF_MEMORY = 0.8;

    void addTo(Checks checks) {
        checks.add(JAVA, MachineChecks::java)
                .add(MEMORY, this::memory)
                .add(PROCESSOR, () -> Finding.ok(NativeLibraries.processor()))
                .add("cache folder", this::cacheFolder)
                .add(DISK_SPACE, this::disk)
                .add("telemetry", MachineChecks::telemetry)
                .add(LIBTORCH, () -> library("libtorch", NativeLibraries::libtorch))
                .add(ONNX_RUNTIME, () -> library("ONNX Runtime", NativeLibraries::onnxRuntime))
                .add(TOKENIZERS, () -> library("the tokenizers", NativeLibraries::tokenizers))
                .add(GPUS, MachineChecks::gpus);
    }

    private static Finding java() {
        String version = Runtime.version() + " in " + System.getProperty("java.home");
        return Runtime.version().feature() == TESTED_JAVA
                ? Finding.ok(version)
                : Finding.warning(version + " (embedlake is tested with Java " + TESTED_JAVA
                        + "). Set JAVA_HOME to a Java " + TESTED_JAVA + ".");
    }

    private Finding memory() {
        long heap = Runtime.getRuntime().maxMemory();
        long machine =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        String sizes = "heap " + readable(heap) + " of the machine's " + readable(machine);
        if (heap < COMFORTABLE_HEAP) {
            return Finding.warning(
                    sizes + " (at least " + readable(COMFORTABLE_HEAP) + " is comfortable). Set " + heapKeys + ".");
        }
        return heap > LARGEST_SHARE_OF_MEMORY * machine
                ? Finding.warning(
                        sizes + " (the model works outside the heap). Make the heap smaller with " + heapKeys + ".")
                : Finding.ok(sizes);
    }

    private Finding cacheFolder() {
        try {
            Files.createDirectories(cache);
            Files.delete(Files.createTempFile(cache, "doctor", ".probe"));
            return Finding.ok(cache + " can be written");
        } catch (IOException e) {
            return Finding.failed(
                    ErrorKind.STORAGE,
                    cache + " cannot be written (" + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "). Set EMBEDLAKE_CACHE to a folder that can be written.");
        }
    }

    private Finding disk() throws IOException {
        Path existing = cache.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        long free = Files.getFileStore(existing).getUsableSpace();
        String space = readable(free) + " free for " + cache;
        String advice = " (the embedded model takes 87 MiB). Free some space, or set EMBEDLAKE_CACHE to a larger disk.";
        if (free < NEEDED_DISK) {
            return Finding.failed(ErrorKind.STORAGE, space + advice);
        }
        return free < COMFORTABLE_DISK ? Finding.warning(space + advice) : Finding.ok(space);
    }

    private static Finding telemetry() {
        return NativeLibraries.reportUse()
                ? Finding.failed(
                        ErrorKind.CONFIGURATION,
                        "DJL reports its use to its makers (the environment says so). Unset OPT_OUT_TRACKING and"
                                + " DJL_OFFLINE, or set OPT_OUT_TRACKING to true.")
                : Finding.ok("off");
    }

    private static Finding library(String name, Supplier<String> version) {
        try {
            return Finding.ok(version.get());
        } catch (RuntimeException | LinkageError e) {
            return Finding.failed(
                    ErrorKind.CONFIGURATION,
                    name + " cannot be loaded (" + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "). Use the job jar with natives, on 64-bit Linux.");
        }
    }

    private static Finding gpus() {
        int visible = Platforms.all().stream()
                .mapToInt(platform -> platform.visibleGpus())
                .max()
                .orElse(0);
        return Finding.ok(
                visible == 0 ? "none visible to this JVM; models run on the processor" : visible + " visible");
    }

    static String readable(long bytes) {
        return bytes >= 10 * 1024 * MEBIBYTE ? bytes / (1024 * MEBIBYTE) + " GiB" : bytes / MEBIBYTE + " MiB";
    }
}
