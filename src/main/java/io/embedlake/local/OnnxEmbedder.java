package io.embedlake.local;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import io.embedlake.local.files.ModelFiles;
import io.embedlake.local.head.Pooling;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.Input;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A transformer in ONNX Runtime, loaded once and shared: each session computes on its caller's thread, so a processor is filled by as many
 * sessions as it has cores. Thread-safe; closed by its owner.
 */
final class OnnxEmbedder implements Embedder {
    /** One thread a session; no memory plan for each of the thousand shapes that batches come in. */
    private static final Map<String, String> OPTIONS =
            Map.of("intraOpNumThreads", "1", "interOpNumThreads", "1", "memoryPatternOptimization", "false");

    private final String label;
    private final TransformerTokenizer tokenizer;
    private final Model model;
    private final TextEncoder encoder;
    private final Granularity granularity;
    private final int dimension;

    private OnnxEmbedder(
            String label, TransformerTokenizer tokenizer, Model model, TextEncoder encoder, Granularity granularity) {
        this.label = label;
        this.tokenizer = tokenizer;
        this.model = model;
        this.encoder = encoder;
        this.granularity = granularity;
        try (EmbeddingSession session = open()) {
            this.dimension = ProbeTexts.dimension(session);
        } catch (EmbedlakeException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the model " + label + ": " + e.getMessage() + ". Change the key model.",
                    e);
        }
    }

    /** Loads a model; takes the tokenizer over, also when it fails. */
    static OnnxEmbedder load(
            ModelFiles files,
            TransformerTokenizer tokenizer,
            List<Pooling> pooling,
            Granularity granularity,
            boolean unitLength,
            Device device) {
        Model model;
        try {
            model = open(files, device);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
        try {
            return new OnnxEmbedder(
                    files.label(), tokenizer, model, new TextEncoder(model, pooling, unitLength), granularity);
        } catch (RuntimeException e) {
            close(tokenizer, model);
            throw e;
        }
    }

    /**
     * Loads a network into ONNX Runtime; the caller closes it.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is damaged, or the device is not there
     */
    static Model open(ModelFiles files, Device device) {
        Engine engine = DjlRuntime.onnx();
        Model model =
                engine.newModel(files.label(), device.isGpu() ? ai.djl.Device.gpu(device.gpu()) : ai.djl.Device.cpu());
        try {
            model.load(
                    files.weights().getParent(), files.weights().getFileName().toString(), OPTIONS);
            return model;
        } catch (IOException | MalformedModelException e) {
            model.close();
            throw new EmbedlakeException(ErrorKind.CONFIGURATION, unusable(files, device), e);
        } catch (RuntimeException e) {
            model.close();
            throw e;
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
    public EmbeddingSession open() {
        return new Session(model.newPredictor(encoder));
    }

    @Override
    public void close() {
        close(tokenizer, model);
    }

    private static String unusable(ModelFiles files, Device device) {
        return device.isGpu()
                ? "Cannot use the model " + files.label() + " on " + device + ": " + files.weights()
                        + " (ONNX Runtime has no such GPU here, or the file is damaged). Set device to cpu, or put ONNX"
                        + " Runtime's GPU package on the class path of a machine with a GPU."
                : "Cannot use the model " + files.label() + ": " + files.weights()
                        + " (it is damaged or not an ONNX network). Replace the file or change the key model.";
    }

    private static void close(TransformerTokenizer tokenizer, Model model) {
        model.close();
        tokenizer.close();
    }

    private final class Session implements EmbeddingSession {
        private final Predictor<List<TokenIds>, List<float[]>> predictor;

        Session(Predictor<List<TokenIds>, List<float[]>> predictor) {
            this.predictor = predictor;
        }

        @Override
        public EncodedInput encode(Input input) {
            return tokenizer.encode(input);
        }

        @Override
        public List<float[]> embed(List<EncodedInput> batch) {
            try {
                return predictor.predict(
                        batch.stream().map(TokenIds.class::cast).toList());
            } catch (TranslateException | RuntimeException e) {
                Throwable root = e;
                while (root.getCause() != null) {
                    root = root.getCause();
                }
                throw new EmbedlakeException(
                        ErrorKind.INVALID_INPUT, "the network of " + label + " failed: " + root.getMessage(), e);
            }
        }

        @Override
        public void close() {
            predictor.close();
        }
    }
}
