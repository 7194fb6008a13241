package io.embedlake.local;

import io.embedlake.image.ImageLimits;
import io.embedlake.image.ImageProcessor;
import io.embedlake.local.family.Families;
import io.embedlake.local.family.ImageNetwork;
import io.embedlake.local.family.TextNetwork;
import io.embedlake.local.files.ModelFiles;
import io.embedlake.local.files.ModelLocator;
import io.embedlake.local.head.Pooling;
import io.embedlake.local.hub.HubSettings;
import io.embedlake.local.hub.HubToken;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.PixelFormat;
import io.embedlake.local.network.Precision;
import io.embedlake.local.network.Target;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Fingerprint;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Platform;
import io.embedlake.spi.PlatformOption;
import io.embedlake.spi.SecretReference;
import io.embedlake.spi.TokenCounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The platform {@code huggingface}: local transformers with a Hugging Face tokenizer, built from their checkpoints, or in ONNX format.
 * Stateless.
 */
public final class HuggingFacePlatform implements Platform {
    /** The commit of the hub, for the record; what changes vectors are the files' contents. */
    public static final String REVISION = "revision";

    private static final String MODEL_TOKEN = "model-token";

    private final ModelLocator locator = ModelLocator.of(System.getenv());

    @Override
    public String name() {
        return "huggingface";
    }

    @Override
    public List<String> options() {
        return List.of(
                "model",
                InputKind.KEY,
                VectorSettings.GRANULARITY,
                VectorSettings.MERGE_WORDS,
                VectorSettings.POOLING,
                VectorSettings.NORMALIZE,
                VectorSettings.MAX_TOKENS,
                VectorSettings.PROMPT_NAME,
                LongText.RULE);
    }

    @Override
    public List<PlatformOption> declares() {
        return HuggingFaceOptions.ALL;
    }

    @Override
    public EmbedderSpec describe(EmbedderRequest request) {
        ModelFiles files = locator.locate(
                request.model().orElse(ModelLocator.defaultModel()),
                settings -> asked(settings, request),
                config -> input(request, config));
        VectorSettings vectors = new VectorSettings(request, files);
        Map<String, String> settings = new TreeMap<>(vectors.settings());
        files.commit().ifPresent(commit -> settings.put(REVISION, commit));
        return spec(files.label(), settings, vectors.notes()).at(files.place());
    }

    /** What the job says, else what the model is for: texts where it takes both. */
    private static InputKind input(EmbedderRequest request, Optional<String> config) {
        String label = request.model().orElse(ModelLocator.defaultModel());
        List<InputKind> taken = config.map(json -> Families.inputs(NetworkConfig.of(label, json)))
                .orElse(List.of());
        Optional<InputKind> asked = Arrays.stream(InputKind.values())
                .filter(kind -> request.option(InputKind.KEY).equals(Optional.of(kind.toString())))
                .findFirst();
        if (asked.isPresent() && !taken.isEmpty() && !taken.contains(asked.get())) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot embed " + asked.get() + "s with the model " + label + ": it takes " + taken.get(0)
                            + "s only. Change the key model, or set input to " + taken.get(0) + ".");
        }
        return asked.orElse(taken.isEmpty() ? InputKind.TEXT : taken.get(0));
    }

    @Override
    public boolean usesNetwork() {
        return true;
    }

    /** The hub, with the job's token and proxy, if set. */
    private static HubSettings asked(HubSettings usual, EmbedderRequest request) {
        HubSettings settings = request.option(MODEL_TOKEN)
                .map(HuggingFacePlatform::secret)
                .map(secret -> usual.withToken(() -> HubToken.of(secret.get()).read()))
                .orElse(usual);
        Supplier<String> password = request.option("proxy.password")
                .map(HuggingFacePlatform::secret)
                .orElse(() -> "");
        return request.option("proxy.address")
                .map(address ->
                        settings.withProxies(settings.proxies().with(address, request.option("proxy.user"), password)))
                .orElse(settings);
    }

    /** Read only when the hub, or the proxy, asks for it. */
    private static Supplier<String> secret(String reference) {
        SecretReference secret = SecretReference.parse(reference);
        return () -> secret.resolve(System.getenv(), Files::readString);
    }

    /** All settings but those that say where the model comes from, and which images are refused, change vectors. */
    private EmbedderSpec spec(String label, Map<String, String> settings, List<String> notes) {
        Map<String, String> vectorChanging = new TreeMap<>(settings);
        vectorChanging.remove(REVISION);
        vectorChanging.keySet().removeAll(ImageSettings.LIMITS);
        vectorChanging.put("platform", name());
        return new EmbedderSpec(
                name(), label, Fingerprint.of(vectorChanging), settings, VectorSettings.granularity(settings), notes);
    }

    @Override
    public List<EmbedderSpec> choices(EmbedderSpec spec) {
        return isOpen(spec)
                ? Stream.of(Precision.BF16, Precision.FP16, Precision.FP32)
                        .map(precision -> with(spec, precision, spec.notes()))
                        .toList()
                : List.of(spec);
    }

    @Override
    public List<EmbedderSpec> candidates(EmbedderSpec spec, Device device) {
        return isOpen(spec)
                ? AutoPrecision.candidates(device, Processor.here()).stream()
                        .map(precision -> with(spec, precision, spec.notes()))
                        .toList()
                : List.of(spec);
    }

    @Override
    public EmbedderSpec settle(EmbedderSpec spec, List<EmbedderSpec> candidates, Device device) {
        if (!isOpen(spec)) {
            return spec;
        }
        AutoPrecision taken = AutoPrecision.of(
                spec.inputs(),
                candidates.stream().map(HuggingFacePlatform::precision).toList(),
                precision -> load(with(spec, precision, spec.notes()), device));
        List<String> notes = new ArrayList<>(spec.notes());
        notes.add(taken.note());
        return with(spec, taken.precision(), notes);
    }

    private static Precision precision(EmbedderSpec settled) {
        return Precision.named(settled.setting(VectorSettings.PRECISION))
                .orElseThrow(() -> new IllegalArgumentException("a spec is settled before it is loaded"));
    }

    @Override
    public EmbedderSpec forQueries(EmbedderRequest request, EmbedderSpec column) {
        boolean hasPrompt = request.option(VectorSettings.QUERY_PROMPT).isPresent()
                || request.option(VectorSettings.QUERY_PROMPT_NAME).isPresent();
        return hasPrompt && column.inputs() == InputKind.TEXT
                ? describe(ofQueries(request, column, request.options(), InputKind.TEXT))
                : column;
    }

    /** The other tower of the same checkpoint, whose vectors are in one space with those of the column: the projected ones. */
    @Override
    public EmbedderSpec forQueries(EmbedderRequest request, EmbedderSpec column, InputKind query) {
        if (query == column.inputs()) {
            return forQueries(request, column);
        }
        requireOneSpace(column, query);
        Map<String, String> options = new TreeMap<>(request.options());
        options.keySet().removeAll(ImageSettings.OF_TEXTS);
        options.put(VectorSettings.POOLING, Pooling.PROJECTION.toString());
        options.put(VectorSettings.NORMALIZE, column.setting(VectorSettings.NORMALIZE));
        EmbedderSpec other = describe(ofQueries(request, column, options, query));
        List<String> different = Stream.of(VectorSettings.WEIGHTS, VectorSettings.MODULES)
                .filter(setting -> !Objects.equals(
                        column.settings().get(setting), other.settings().get(setting)))
                .toList();
        if (!different.isEmpty()) {
            throw otherSpace(column, query, "its files are not those that the column was made with");
        }
        return other;
    }

    private void requireOneSpace(EmbedderSpec column, InputKind query) {
        boolean hasBoth = locate(column)
                .config()
                .filter(json ->
                        Families.inputs(NetworkConfig.of(column.label(), json)).contains(query))
                .isPresent();
        if (!hasBoth) {
            throw otherSpace(column, query, "the model takes " + column.inputs() + "s only");
        }
        String pooling = column.settings().getOrDefault(VectorSettings.POOLING, "none");
        if (!pooling.equals(Pooling.PROJECTION.toString())) {
            throw otherSpace(
                    column,
                    query,
                    "its texts and images are compared with pooling projection, and the column has pooling " + pooling);
        }
    }

    private static EmbedlakeException otherSpace(EmbedderSpec column, InputKind query, String why) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot search with " + query.inWords() + ": the vectors of " + column.label() + " are those of "
                        + column.inputs() + "s (" + why + "). Search with "
                        + column.inputs().inWords()
                        + ", or make the column with a model such as CLIP and pooling projection.");
    }

    private static EmbedderRequest ofQueries(
            EmbedderRequest request, EmbedderSpec column, Map<String, String> from, InputKind query) {
        Map<String, String> options = new TreeMap<>(from);
        options.remove(VectorSettings.PROMPT);
        options.remove(VectorSettings.PROMPT_NAME);
        if (query == InputKind.TEXT) {
            request.option(VectorSettings.QUERY_PROMPT).ifPresent(text -> options.put(VectorSettings.PROMPT, text));
            request.option(VectorSettings.QUERY_PROMPT_NAME)
                    .ifPresent(text -> options.put(VectorSettings.PROMPT_NAME, text));
        }
        options.put(InputKind.KEY, query.toString());
        options.put(VectorSettings.PRECISION, column.setting(VectorSettings.PRECISION));
        return new EmbedderRequest(Optional.of(column.requiredModel()), options);
    }

    private ModelFiles locate(EmbedderSpec spec) {
        return locator.locate(spec.requiredModel(), UnaryOperator.identity(), config -> spec.inputs());
    }

    private static boolean isOpen(EmbedderSpec spec) {
        return spec.setting(VectorSettings.PRECISION).equals(VectorSettings.AUTO);
    }

    private EmbedderSpec with(EmbedderSpec spec, Precision precision, List<String> notes) {
        Map<String, String> settings = new TreeMap<>(spec.settings());
        settings.put(VectorSettings.PRECISION, precision.toString());
        return spec(spec.label(), settings, notes).at(spec.requiredModel());
    }

    @Override
    public TokenCounter counter(EmbedderSpec spec) {
        ModelFiles files = locate(spec);
        return spec.inputs() == InputKind.IMAGE ? reader(spec, files) : tokenizer(spec, files);
    }

    @Override
    public Embedder load(EmbedderSpec spec, Device device) {
        ModelFiles files = locate(spec);
        requireSame(spec, VectorSettings.WEIGHTS, files.weights(), files.weightsHash());
        if (spec.inputs() == InputKind.IMAGE) {
            return ofImages(spec, files, device);
        }
        requireSame(spec, VectorSettings.TOKENIZER, files.tokenizer(), files.tokenizerHash());
        if (files.form() == ModelFiles.Form.CHECKPOINT) {
            return NativeEmbedder.load(
                    files,
                    tokenizer(spec, files),
                    VectorSettings.network(files),
                    Heads.of(spec, files),
                    spec.granularity(),
                    normalizes(spec),
                    precision(spec),
                    device);
        }
        return OnnxEmbedder.load(
                files, tokenizer(spec, files), poolings(spec), spec.granularity(), normalizes(spec), device);
    }

    /**
     * Writes the network of a model for texts as a file that libtorch runs without a JVM, with texts to try it on: a zip of a TorchScript
     * program, its weights and the texts' tokens, which {@code benchmark/gpu.py} reads.
     *
     * @param spec a settled spec
     * @param device where the network will compute
     * @param texts the texts, whole: none of them may be split
     * @param checked for how many of them the vectors in 32 bits are written too
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the model is none for texts whose network embedlake builds
     */
    public void export(EmbedderSpec spec, Device device, List<Input> texts, int checked, Path file) {
        ModelFiles files = locate(spec);
        if (spec.inputs() == InputKind.IMAGE || files.form() != ModelFiles.Form.CHECKPOINT) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot export the model " + spec.label()
                            + ": it is no checkpoint of a network for texts (only their programs are exported). Name another model.");
        }
        TextNetwork body = VectorSettings.network(files);
        try (TransformerTokenizer tokenizer = tokenizer(spec, files);
                Embedder exact = load(with(spec, Precision.FP32, List.of()), Device.CPU)) {
            List<TokenIds> tokens = texts.stream()
                    .map(text -> (TokenIds) tokenizer.encode(text))
                    .toList();
            List<float[]> expected = new ArrayList<>();
            try (EmbeddingSession session = exact.open()) {
                texts.subList(0, Math.min(checked, texts.size()))
                        .forEach(text -> expected.addAll(session.embed(List.of(session.encode(text)))));
            }
            new NetworkExport(
                            spec.label(),
                            precision(spec),
                            device.isGpu() ? "cuda:" + device.gpu() : "cpu",
                            LoadedNetwork.program(
                                    files,
                                    body,
                                    Heads.of(spec, files),
                                    Network::new,
                                    new Target(device, precision(spec))),
                            body,
                            texts,
                            tokens,
                            expected)
                    .write(file);
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot write the file " + file + " (" + e.getMessage() + "). Name one that can be written.",
                    e);
        }
    }

    private static Embedder ofImages(EmbedderSpec spec, ModelFiles files, Device device) {
        ImageReader reader = reader(spec, files);
        if (files.form() == ModelFiles.Form.CHECKPOINT) {
            return VisionEmbedder.load(
                    files,
                    reader,
                    ImageSettings.network(files),
                    Heads.of(spec, files),
                    spec.granularity(),
                    normalizes(spec),
                    precision(spec),
                    device);
        }
        OnnxImages engine = OnnxImages.load(files, reader.processor(), poolings(spec), normalizes(spec), device);
        return new VisionEmbedder(reader, engine, spec.granularity(), normalizes(spec));
    }

    private static List<Pooling> poolings(EmbedderSpec spec) {
        return spec.granularity() == Granularity.TOKEN
                ? List.of()
                : Pooling.named(spec.label(), spec.setting(VectorSettings.POOLING));
    }

    private static ImageReader reader(EmbedderSpec spec, ModelFiles files) {
        ImageProcessor processor = ImageSettings.processor(files);
        requireSame(
                spec,
                ImageSettings.PROCESSOR,
                files.converter().orElse(files.weights()),
                ImageSettings.hash(processor));
        boolean ofPatches = spec.granularity() == Granularity.TOKEN;
        ImageLimits limits = ImageLimits.of(spec.settings());
        if (files.form() == ModelFiles.Form.ONNX) {
            return new ImageReader(limits, processor, OnnxImages::positions, 0, ofPatches);
        }
        ImageNetwork network = ImageSettings.network(files);
        return new ImageReader(
                limits,
                processor,
                pixels -> network.positions(new PixelFormat.Size(pixels.height(), pixels.width())),
                network.before(),
                ofPatches);
    }

    private static boolean normalizes(EmbedderSpec spec) {
        return Boolean.parseBoolean(spec.setting(VectorSettings.NORMALIZE));
    }

    @Override
    public int visibleGpus() {
        return DjlRuntime.torch().getGpuCount();
    }

    @Override
    public double assumedTokensPerSecondPerCore() {
        return 2_500;
    }

    private static void requireSame(EmbedderSpec spec, String setting, Path file, String hash) {
        if (!hash.equals(spec.settings().getOrDefault(setting, ""))) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the model " + spec.label() + ": " + file
                            + " (its content differs from what the job was planned with). Use the same files on every"
                            + " machine and start the job again.");
        }
    }

    private static TransformerTokenizer tokenizer(EmbedderSpec spec, ModelFiles files) {
        Map<String, String> settings = spec.settings();
        Prompt prompt = new Prompt(
                settings.getOrDefault(VectorSettings.PROMPT, ""),
                Boolean.parseBoolean(settings.getOrDefault(VectorSettings.PROMPT_POOLED, "true")));
        TokenizerFile file = VectorSettings.tokenizer(files);
        requireSame(
                spec,
                VectorSettings.TOKENIZER_SETTINGS,
                files.tokenizer(),
                VectorSettings.changes(file).orElse(""));
        int maxTokens = Integer.parseInt(spec.setting(VectorSettings.MAX_TOKENS));
        return TransformerTokenizer.read(
                spec.label(), file, maxTokens, prompt, LongText.of(spec.label(), settings, maxTokens), parts(spec));
    }

    private static Optional<TokenSpans.Unit> parts(EmbedderSpec spec) {
        if (spec.granularity() != Granularity.TOKEN) {
            return Optional.empty();
        }
        return Optional.of(
                Boolean.parseBoolean(spec.setting(VectorSettings.MERGE_WORDS))
                        ? TokenSpans.Unit.WORD
                        : TokenSpans.Unit.SUB_WORD);
    }
}
