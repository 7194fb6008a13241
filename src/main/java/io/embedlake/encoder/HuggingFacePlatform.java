package io.embedlake.encoder;

import io.embedlake.checkpoint.CacheFolder;
import io.embedlake.checkpoint.ModelFiles;
import io.embedlake.checkpoint.ModelLocator;
import io.embedlake.embed.Device;
import io.embedlake.embed.Embedder;
import io.embedlake.embed.EmbedderRequest;
import io.embedlake.embed.EmbedderSpec;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.embed.Fingerprint;
import io.embedlake.embed.Platform;
import io.embedlake.embed.TokenCounter;
import io.embedlake.encoder.head.Pooling;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** The platform {@code huggingface}: local transformers in ONNX format with a Hugging Face tokenizer. Stateless. */
public final class HuggingFacePlatform implements Platform {
    /** The setting that says where the model is; a cluster's executors may find it elsewhere than the driver. */
    public static final String MODEL = "model";

    private static final String POOLING = "pooling";
    private static final String NORMALIZE = "normalize";
    private static final String MAX_TOKENS = "max-tokens";
    private static final String WEIGHTS = "weights-sha256";
    private static final String TOKENIZER = "tokenizer-sha256";
    private static final int DEFAULT_MAX_TOKENS = 256;

    private final ModelLocator locator = new ModelLocator(CacheFolder.of(System.getenv()));

    @Override
    public String name() {
        return "huggingface";
    }

    @Override
    public List<String> options() {
        return List.of(POOLING, NORMALIZE, MAX_TOKENS);
    }

    @Override
    public EmbedderSpec describe(EmbedderRequest request) {
        ModelFiles files = locator.locate(request.model().orElse(ModelLocator.defaultModel()));
        Map<String, String> settings = new TreeMap<>();
        settings.put(MODEL, files.place());
        settings.put(WEIGHTS, files.weightsHash());
        settings.put(TOKENIZER, files.tokenizerHash());
        settings.put(
                POOLING,
                Pooling.text(Pooling.named(
                        files.label(),
                        request.option(POOLING)
                                .or(() -> files.settings().pooling())
                                .orElse(Pooling.MEAN.toString()))));
        settings.put(NORMALIZE, request.option(NORMALIZE).orElse("true"));
        settings.put(MAX_TOKENS, String.valueOf(maxTokens(request, files)));
        Map<String, String> vectorChanging = new TreeMap<>(settings);
        vectorChanging.remove(MODEL);
        vectorChanging.put("platform", name());
        vectorChanging.put("precision", "fp32");
        return new EmbedderSpec(name(), files.label(), Fingerprint.of(vectorChanging), settings);
    }

    @Override
    public TokenCounter counter(EmbedderSpec spec) {
        return tokenizer(spec, locator.locate(spec.setting(MODEL)));
    }

    @Override
    public Embedder load(EmbedderSpec spec, Device device) {
        ModelFiles files = locator.locate(spec.setting(MODEL));
        requireSame(spec, WEIGHTS, files.onnx(), files.weightsHash());
        requireSame(spec, TOKENIZER, files.tokenizer(), files.tokenizerHash());
        return OnnxEmbedder.load(
                files,
                tokenizer(spec, files),
                Pooling.named(spec.label(), spec.setting(POOLING)),
                Boolean.parseBoolean(spec.setting(NORMALIZE)),
                device);
    }

    @Override
    public int visibleGpus() {
        return DjlRuntime.onnx().getGpuCount();
    }

    @Override
    public double assumedTokensPerSecondPerCore() {
        return 2_500;
    }

    private static void requireSame(EmbedderSpec spec, String setting, Path file, String hash) {
        if (!hash.equals(spec.setting(setting))) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the model " + spec.label() + ": " + file
                            + " (its content differs from what the job was planned with). Use the same files on every"
                            + " machine and start the job again.");
        }
    }

    private static TransformerTokenizer tokenizer(EmbedderSpec spec, ModelFiles files) {
        return TransformerTokenizer.read(spec.label(), files.tokenizer(), Integer.parseInt(spec.setting(MAX_TOKENS)));
    }

    private static int maxTokens(EmbedderRequest request, ModelFiles files) {
        OptionalInt positions = files.settings().positions();
        OptionalInt asked = request.number(MAX_TOKENS);
        if (asked.isPresent() && positions.isPresent() && asked.getAsInt() > positions.getAsInt()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read texts of " + asked.getAsInt() + " tokens with the model " + files.label()
                            + " (it has " + positions.getAsInt() + " positions). Set the key max-tokens to at most "
                            + positions.getAsInt() + ".");
        }
        int wanted = asked.orElse(files.settings().maxTokens().orElse(DEFAULT_MAX_TOKENS));
        return Math.min(wanted, positions.orElse(wanted));
    }
}
