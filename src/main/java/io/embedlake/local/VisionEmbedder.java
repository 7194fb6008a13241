package io.embedlake.local;

import io.embedlake.image.ImageProcessor;
import io.embedlake.image.ProbeImages;
import io.embedlake.local.family.ImageNetwork;
import io.embedlake.local.files.ModelFiles;
import io.embedlake.local.head.Head;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.PixelBatch;
import io.embedlake.local.network.PixelFormat;
import io.embedlake.local.network.Precision;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Spans;
import io.embedlake.spi.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A network for images, loaded once and shared: each session decodes, prepares and computes on its caller's thread. Thread-safe; closed by
 * its owner.
 */
final class VisionEmbedder implements Embedder {
    /**
     * What computes the vectors of images of one size, one after the other: {@code [images, numbers]}.
     */
    interface Engine extends AutoCloseable {
        float[] compute(List<ImageReader.Prepared> images);

        /** Whether a failure means that fewer images may work. */
        boolean isTooMuch(RuntimeException failure);

        @Override
        void close();
    }

    private final ImageReader reader;
    private final Engine engine;
    private final Granularity granularity;
    private final boolean unitLength;
    private final int dimension;

    /** An embedder that takes the engine over, also when it fails. */
    VisionEmbedder(ImageReader reader, Engine engine, Granularity granularity, boolean unitLength) {
        this.reader = reader;
        this.engine = engine;
        this.granularity = granularity;
        this.unitLength = unitLength;
        try (EmbeddingSession session = open()) {
            EncodedInput image = session.encode(ProbeImages.ALL.get(0));
            this.dimension = session.embed(List.of(image)).get(0).length
                    / image.spans().map(Spans::count).orElse(1);
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /** Builds and loads a network from a checkpoint. */
    static VisionEmbedder load(
            ModelFiles files,
            ImageReader reader,
            ImageNetwork body,
            Head head,
            Granularity granularity,
            boolean unitLength,
            Precision precision,
            Device device) {
        PixelFormat format = format(reader.processor());
        LoadedNetwork network =
                LoadedNetwork.load(files, body, head, parameters -> new Network(parameters, format), precision, device);
        return new VisionEmbedder(reader, new Torch(network), granularity, unitLength);
    }

    private static PixelFormat format(ImageProcessor processor) {
        return new PixelFormat(
                processor.scale(),
                numbers(processor.mean()),
                numbers(processor.std()),
                processor.size().map(size -> new PixelFormat.Size(size.height(), size.width())));
    }

    private static List<Double> numbers(float[] floats) {
        return IntStream.range(0, floats.length)
                .mapToDouble(i -> floats[i])
                .boxed()
                .toList();
    }

    /** libtorch, which takes 8-bit pixels. */
    private record Torch(LoadedNetwork network) implements Engine {
        @Override
        public float[] compute(List<ImageReader.Prepared> images) {
            int height = images.get(0).pixels().height();
            int width = images.get(0).pixels().width();
            PixelBatch batch = PixelBatch.ofBytes(
                    height,
                    width,
                    images.stream().map(image -> image.pixels().rgb()).toList());
            return network.compute(loaded -> loaded.compute(batch));
        }

        @Override
        public boolean isTooMuch(RuntimeException failure) {
            return LoadedNetwork.isOutOfMemory(failure);
        }

        @Override
        public void close() {
            network.close();
        }
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public Granularity granularity() {
        return granularity;
    }

    @Override
    public InputKind inputs() {
        return InputKind.IMAGE;
    }

    @Override
    public EmbeddingSession open() {
        return new Session();
    }

    @Override
    public void close() {
        engine.close();
    }

    private final class Session implements EmbeddingSession {
        @Override
        public EncodedInput encode(Input input) {
            return reader.encode(input);
        }

        /** Images of one size are computed together. */
        @Override
        public List<float[]> embed(List<EncodedInput> batch) {
            float[][] vectors = new float[batch.size()][];
            IntStream.range(0, vectors.length)
                    .boxed()
                    .collect(java.util.stream.Collectors.groupingBy(i -> size(batch.get(i))))
                    .values()
                    .forEach(group -> {
                        List<float[]> computed = Halving.compute(
                                group.stream()
                                        .map(i -> (ImageReader.Prepared) batch.get(i))
                                        .toList(),
                                this::compute,
                                engine::isTooMuch);
                        for (int i = 0; i < group.size(); i++) {
                            vectors[group.get(i)] = computed.get(i);
                        }
                    });
            return List.of(vectors);
        }

        private static PixelFormat.Size size(EncodedInput image) {
            ImageReader.Prepared prepared = (ImageReader.Prepared) image;
            return new PixelFormat.Size(
                    prepared.pixels().height(), prepared.pixels().width());
        }

        private List<float[]> compute(List<ImageReader.Prepared> images) {
            float[] numbers = engine.compute(images);
            int share = numbers.length / images.size();
            List<float[]> vectors = new ArrayList<>(images.size());
            for (int image = 0; image < images.size(); image++) {
                float[] vector = Arrays.copyOfRange(numbers, image * share, (image + 1) * share);
                if (unitLength) {
                    images.get(image).spans().map(Spans::count).ifPresent(parts -> normalize(vector, parts));
                }
                vectors.add(vector);
            }
            return vectors;
        }

        private static void normalize(float[] vectors, int parts) {
            int width = vectors.length / parts;
            for (int part = 0; part < parts; part++) {
                Vectors.normalize(vectors, part * width, width);
            }
        }
    }
}
