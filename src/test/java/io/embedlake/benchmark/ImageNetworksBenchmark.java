package io.embedlake.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.embedlake.local.files.ModelLocator;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Input;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Images a second of a ViT-base with random weights, from files to vectors on all cores, against transformers in Python with the same files,
 * and the share of the machine's limit for products of matrices.
 *
 * <p>Arguments: how many images, a precision, how many images are computed at once, and rounds of which the medians count.
 */
final class ImageNetworksBenchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Platform PLATFORM = Platforms.named("huggingface");
    private static final int WARM_UP = 16;
    private static final int POSITIONS = 197;

    private ImageNetworksBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[0]);
        String precision = arguments[1];
        int atOnce = Integer.parseInt(arguments[2]);
        int rounds = Integer.parseInt(arguments[3]);
        Path work = Path.of("target", "benchmark", "images");
        Path model = work.resolve("vit-base");
        Path folder = work.resolve("files-" + count);
        Peers peers = new Peers(System.getenv().getOrDefault("PYTHON", "python3"), Path.of("benchmark"), work);
        if (!Files.isDirectory(folder)) {
            peers.vitBase(model, folder, count);
        }
        EmbedderSpec spec = PLATFORM.describe(
                new EmbedderRequest(Optional.of(model.toString()), Map.of("input", "image", "precision", precision)));
        List<Speed> own = new ArrayList<>();
        List<Speed> float32 = new ArrayList<>();
        List<Speed> bfloat16 = new ArrayList<>();
        List<byte[]> files = read(folder);
        for (int round = 0; round < rounds; round++) {
            try (Embedder embedder = PLATFORM.load(spec, Device.CPU)) {
                run(embedder, files.subList(0, Math.min(WARM_UP, count)), atOnce);
                own.add(run(embedder, files, atOnce));
            }
            float32.add(Speed.of(peers.transformersOnImages(model, folder, "float32")));
            bfloat16.add(Speed.of(peers.transformersOnImages(model, folder, "bfloat16")));
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("images", count);
        figures.put("precision", precision);
        figures.put("own", Speed.median(own));
        figures.put("transformers_float32", Speed.median(float32));
        figures.put("transformers_bfloat16", Speed.median(bfloat16));
        double perImage = POSITIONS
                * Peers.operationsPerToken(ModelLocator.of(System.getenv())
                        .locate(model.toString(), settings -> settings, config -> spec.inputs()))
                / 1e9;
        figures.put("gflops_of_own", Math.round(perImage * Speed.median(own).perSecond()));
        figures.put(
                "gflops_of_own_per_cpu_s",
                Math.round(perImage * Speed.median(own).perCpuSecond()));
        figures.put("matrix_limits_gflops", peers.matrixLimits());
        System.out.println(JSON.writeValueAsString(figures));
    }

    /** Images a second, and a second of a core: the second does not depend on what else the machine does. */
    private record Speed(double perSecond, double perCpuSecond) {
        static Speed of(Map<String, Object> figures) {
            return new Speed(number(figures, "images_per_s"), number(figures, "images_per_cpu_s"));
        }

        static Speed median(List<Speed> speeds) {
            return new Speed(middle(speeds, Speed::perSecond), middle(speeds, Speed::perCpuSecond));
        }

        private static double middle(List<Speed> speeds, ToDoubleFunction<Speed> figure) {
            double[] sorted = speeds.stream().mapToDouble(figure).sorted().toArray();
            return Math.round(100 * sorted[sorted.length / 2]) / 100.0;
        }

        private static double number(Map<String, Object> figures, String name) {
            return ((Number) figures.get(name)).doubleValue();
        }
    }

    private static List<byte[]> read(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted()
                    .map(file -> {
                        try {
                            return Files.readAllBytes(file);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }

    /** A session a core, each of which takes the next images. */
    private static Speed run(Embedder embedder, List<byte[]> files, int atOnce) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long start = System.nanoTime();
        long cpuStart = system.getProcessCpuTime();
        for (int core = 0; core < Runtime.getRuntime().availableProcessors(); core++) {
            Thread thread = new Thread(() -> {
                try (EmbeddingSession session = embedder.open()) {
                    for (int from = next.getAndAdd(atOnce); from < files.size(); from = next.getAndAdd(atOnce)) {
                        List<EncodedInput> batch = files.subList(from, Math.min(files.size(), from + atOnce)).stream()
                                .map(file -> session.encode(Input.of(file)))
                                .toList();
                        session.embed(batch);
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuSeconds = (system.getProcessCpuTime() - cpuStart) / 1e9;
        return new Speed(files.size() / seconds, files.size() / cpuSeconds);
    }
}
