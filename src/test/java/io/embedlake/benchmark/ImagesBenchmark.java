package io.embedlake.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.image.ImageDecoder;
import io.embedlake.image.ImageLimits;
import io.embedlake.image.ImageProcessor;
import io.embedlake.image.Pixels;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Preparing pictures on one thread: images per second of its processor time, decoding, resizing, normalising and all three, the best of
 * several rounds.
 *
 * <p>Arguments: a folder of JPEGs, a {@code preprocessor_config.json}, and the file that the pixel values of the first pictures are
 * written to.
 */
final class ImagesBenchmark {
    private static final ThreadMXBean TIME = ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 12;
    private static final int COMPARED = 20;

    private ImagesBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        List<byte[]> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of(arguments[0]))) {
            for (Path file : all.filter(path -> path.toString().endsWith(".jpg"))
                    .sorted()
                    .toList()) {
                files.add(Files.readAllBytes(file));
            }
        }
        ObjectMapper json = new ObjectMapper();
        ImageProcessor processor = ImageProcessor.of(
                "benchmark", json.readTree(Path.of(arguments[1]).toFile()), "");
        write(files.subList(0, Math.min(COMPARED, files.size())), processor, Path.of(arguments[2]));
        long[] best = {Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE};
        for (int round = 0; round < ROUNDS; round++) {
            long[] spent = new long[best.length];
            for (byte[] file : files) {
                long start = TIME.getCurrentThreadCpuTime();
                Pixels decoded = ImageDecoder.decode(file, ImageLimits.DEFAULT);
                long afterDecoding = TIME.getCurrentThreadCpuTime();
                Pixels prepared = processor.prepare(decoded);
                long afterResizing = TIME.getCurrentThreadCpuTime();
                processor.values(prepared);
                long end = TIME.getCurrentThreadCpuTime();
                spent[0] += afterDecoding - start;
                spent[1] += afterResizing - afterDecoding;
                spent[2] += end - afterResizing;
                spent[3] += end - start;
            }
            for (int i = 0; i < best.length; i++) {
                best[i] = Math.min(best[i], spent[i]);
            }
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("images", files.size());
        String[] names = {"decode", "resize", "normalise", "all"};
        for (int i = 0; i < names.length; i++) {
            figures.put(names[i] + "_images_per_s", Math.round(files.size() * 1e9 / best[i]));
        }
        System.out.println(json.writeValueAsString(figures));
    }

    private static void write(List<byte[]> files, ImageProcessor processor, Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(0);
        for (byte[] image : files) {
            float[] values = processor.values(processor.prepare(ImageDecoder.decode(image, ImageLimits.DEFAULT)));
            if (bytes.capacity() == 0) {
                bytes = ByteBuffer.allocate(files.size() * values.length * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
            bytes.asFloatBuffer().put(values);
            bytes.position(bytes.position() + values.length * Float.BYTES);
        }
        Files.write(file, bytes.array());
    }
}
