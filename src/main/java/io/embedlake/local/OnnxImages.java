package io.embedlake.local;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import io.embedlake.image.ImageProcessor;
import io.embedlake.image.ImageSize;
import io.embedlake.image.Pixels;
import io.embedlake.local.files.ModelFiles;
import io.embedlake.local.head.Pooling;
import io.embedlake.local.weights.OnnxGraph;
import io.embedlake.local.weights.OnnxGraph.Port;
import io.embedlake.spi.Device;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Vectors;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A network for images in ONNX Runtime: one input of floats, {@code [B, 3, height, width]}; an output of positions {@code [B, L, H]}, of a map
 * {@code [B, H, height, width]} or of vectors {@code [B, H]}. A network whose batch is 1 computes images one by one. Thread-safe; closed by its
 * owner.
 */
final class OnnxImages implements VisionEmbedder.Engine {
    /** What an image costs in positions is not known: as many as it has patches of this many pixels, as most networks cut it. */
    private static final int PATCH = 16;

    private static final int IMAGES = 4;
    private static final int MAP = 4;
    private static final int STATES = 3;
    private static final int VECTORS = 2;
    private static final String HIDDEN_STATE = "last_hidden_state";
    private static final String POOLER = "pooler_output";
    private static final List<String> PROJECTIONS = List.of("image_embeds", "embeddings", "sentence_embedding");

    private final String label;
    private final Model model;
    private final ImageProcessor processor;
    private final List<Part> parts;
    private final boolean unitLength;
    private final int atOnce;

    /**
     * A part of a vector.
     *
     * @param pooling how it is made
     * @param output the name of the output that it is made of
     */
    private record Part(Pooling pooling, String output) {}

    private OnnxImages(
            ModelFiles files, Model model, ImageProcessor processor, List<Pooling> poolings, boolean unitLength) {
        OnnxGraph graph = OnnxGraph.read(files.weights());
        Port input = input(files, graph);
        this.label = files.label();
        this.model = model;
        this.processor = processor;
        this.parts = poolings.stream()
                .map(pooling -> new Part(pooling, output(files, graph, pooling)))
                .toList();
        this.unitLength = unitLength;
        this.atOnce = input.shape().get(0) > 0 ? Math.toIntExact(input.shape().get(0)) : Integer.MAX_VALUE;
        requireFit(files, input, processor.size());
    }

    /**
     * Loads a network.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is damaged, or its inputs and outputs are of other shapes
     */
    static OnnxImages load(
            ModelFiles files, ImageProcessor processor, List<Pooling> poolings, boolean unitLength, Device device) {
        Model model = OnnxEmbedder.open(files, device);
        try {
            return new OnnxImages(files, model, processor, poolings, unitLength);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** What counts against budgets. */
    static int positions(Pixels image) {
        return Math.max(1, image.width() / PATCH) * Math.max(1, image.height() / PATCH);
    }

    /** Vectors for comparison where it gives some, else the mean of its positions or of its map, else its only output. */
    static Pooling usualPooling(ModelFiles files) {
        List<Port> outputs = OnnxGraph.read(files.weights()).outputs();
        if (outputs.stream().anyMatch(output -> PROJECTIONS.contains(output.name()))) {
            return Pooling.PROJECTION;
        }
        if (states(outputs).isPresent()) {
            return Pooling.MEAN;
        }
        return outputs.stream().anyMatch(output -> output.name().equals(POOLER)) ? Pooling.POOLER : Pooling.PROJECTION;
    }

    /** Refuses a network of other inputs and outputs; says what is taken for vectors where that is not meant for it. */
    static List<String> inspect(ModelFiles files, List<Pooling> poolings, Optional<ImageSize> size) {
        OnnxGraph graph = OnnxGraph.read(files.weights());
        requireFit(files, input(files, graph), size);
        List<String> notes = new ArrayList<>();
        for (Pooling pooling : poolings) {
            String output = output(files, graph, pooling);
            if (output.contains("logit")) {
                notes.add("The network gives nothing but " + output
                        + ", which are scores of classes: they are the vector.");
            }
        }
        return notes;
    }

    private static Port input(ModelFiles files, OnnxGraph graph) {
        if (graph.inputs().size() == 1) {
            Port input = graph.inputs().get(0);
            boolean isImages = input.isFloat()
                    && input.shape().size() == IMAGES
                    && (input.shape().get(1) == Pixels.CHANNELS || input.shape().get(1) < 0);
            if (isImages) {
                return input;
            }
        }
        throw ImageSettings.refuse(
                files,
                "its network has the inputs "
                        + graph.inputs().stream().map(OnnxImages::text).toList()
                        + ", and one of floats [batch, 3, height, width] is supported",
                "Export the network for images alone, or change the key model");
    }

    private static void requireFit(ModelFiles files, Port input, Optional<ImageSize> size) {
        long height = input.shape().get(2);
        long width = input.shape().get(3);
        boolean fits = (height < 0 || size.filter(of -> of.height() == height).isPresent())
                && (width < 0 || size.filter(of -> of.width() == width).isPresent());
        if (!fits) {
            throw ImageSettings.refuse(
                    files,
                    "its image processor makes images of "
                            + size.map(of -> of.height() + " x " + of.width()).orElse("different sizes")
                            + ", and its network takes those of " + height + " x " + width,
                    "Correct preprocessor_config.json, or change the key model");
        }
    }

    private static String text(Port port) {
        return port.name() + " " + port.shape();
    }

    private static Optional<Port> states(List<Port> outputs) {
        return Stream.concat(
                        outputs.stream().filter(output -> output.name().equals(HIDDEN_STATE)),
                        outputs.stream()
                                .filter(output -> !output.name().equals(POOLER))
                                .filter(output -> List.of(STATES, MAP)
                                        .contains(output.shape().size())))
                .findFirst();
    }

    private static String output(ModelFiles files, OnnxGraph graph, Pooling pooling) {
        List<Port> outputs = graph.outputs();
        Optional<Port> taken =
                switch (pooling) {
                    case PROJECTION ->
                        Stream.concat(
                                        PROJECTIONS.stream().flatMap(name -> outputs.stream()
                                                .filter(output -> output.name().equals(name))),
                                        outputs.stream()
                                                .filter(output -> outputs.size() == 1
                                                        && output.shape().size() == VECTORS))
                                .findFirst();
                    case POOLER ->
                        outputs.stream()
                                .filter(output -> output.name().equals(POOLER))
                                .findFirst();
                    case CLS -> states(outputs).filter(output -> output.shape().size() != MAP);
                    case MEAN, MAX -> states(outputs);
                    default -> Optional.empty();
                };
        return taken.map(Port::name)
                .orElseThrow(() -> ImageSettings.refuse(
                        files,
                        "its network has the outputs "
                                + outputs.stream().map(OnnxImages::text).toList() + ", and none is for the pooling "
                                + pooling,
                        "Set the key pooling to another one, or change the key model"));
    }

    @Override
    public float[] compute(List<ImageReader.Prepared> images) {
        List<float[]> vectors = new ArrayList<>();
        try (Predictor<List<ImageReader.Prepared>, List<float[]>> predictor = model.newPredictor(new Translator())) {
            for (int start = 0; start < images.size(); start += Math.min(atOnce, images.size())) {
                vectors.addAll(predictor.predict(
                        images.subList(start, Math.min(images.size(), start + Math.min(atOnce, images.size())))));
            }
        } catch (TranslateException | RuntimeException e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            throw new EmbedlakeException(
                    ErrorKind.INVALID_INPUT, "the network of " + label + " failed: " + root.getMessage(), e);
        }
        int width = vectors.get(0).length;
        float[] numbers = new float[vectors.size() * width];
        for (int i = 0; i < vectors.size(); i++) {
            System.arraycopy(vectors.get(i), 0, numbers, i * width, width);
        }
        return numbers;
    }

    @Override
    public boolean isTooMuch(RuntimeException failure) {
        return false;
    }

    @Override
    public void close() {
        model.close();
    }

    private final class Translator implements NoBatchifyTranslator<List<ImageReader.Prepared>, List<float[]>> {
        private int images;

        @Override
        public NDList processInput(TranslatorContext context, List<ImageReader.Prepared> batch) {
            images = batch.size();
            Pixels first = batch.get(0).pixels();
            Shape shape = new Shape(images, Pixels.CHANNELS, first.height(), first.width());
            FloatBuffer numbers = FloatBuffer.allocate(Math.toIntExact(shape.size()));
            batch.forEach(image -> numbers.put(processor.values(image.pixels())));
            return new NDList(context.getNDManager().create(numbers.flip(), shape));
        }

        @Override
        public List<float[]> processOutput(TranslatorContext context, NDList outputs) {
            List<float[]> vectors = new ArrayList<>();
            List<Output> chosen = parts.stream()
                    .map(part -> Output.of(outputs, part.output()))
                    .toList();
            for (int image = 0; image < images; image++) {
                float[] vector = new float[0];
                for (int i = 0; i < chosen.size(); i++) {
                    float[] part = chosen.get(i).vector(image, parts.get(i).pooling());
                    float[] longer = Arrays.copyOf(vector, vector.length + part.length);
                    System.arraycopy(part, 0, longer, vector.length, part.length);
                    vector = longer;
                }
                if (unitLength) {
                    Vectors.normalize(vector, 0, vector.length);
                }
                vectors.add(vector);
            }
            return vectors;
        }
    }

    /**
     * An output of a batch.
     *
     * @param numbers its numbers in row-major order
     * @param shape its dimensions, images first
     */
    private record Output(float[] numbers, long[] shape) {
        static Output of(NDList outputs, String name) {
            NDArray array = outputs.stream()
                    .filter(output -> name.equals(output.getName()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("it gives no " + name));
            return new Output(array.toFloatArray(), array.getShape().getShape());
        }

        float[] vector(int image, Pooling pooling) {
            int share = numbers.length / (int) shape[0];
            return switch (shape.length) {
                case VECTORS -> Arrays.copyOfRange(numbers, image * share, (image + 1) * share);
                case STATES ->
                    Pooling.pool(List.of(pooling), new Pooling.Text(numbers, image * share, 0, (int) shape[1]), (int)
                            shape[2]);
                case MAP -> ofMap(image * share, (int) shape[1], share / (int) shape[1], pooling == Pooling.MAX);
                default -> throw new IllegalStateException("its output has the shape " + Arrays.toString(shape));
            };
        }

        /** The mean or the largest number of each channel. */
        private float[] ofMap(int offset, int channels, int places, boolean isMax) {
            float[] vector = new float[channels];
            for (int channel = 0; channel < channels; channel++) {
                double sum = 0;
                float most = Float.NEGATIVE_INFINITY;
                for (int place = 0; place < places; place++) {
                    float number = numbers[offset + channel * places + place];
                    sum += number;
                    most = Math.max(most, number);
                }
                vector[channel] = isMax ? most : (float) (sum / places);
            }
            return vector;
        }
    }
}
