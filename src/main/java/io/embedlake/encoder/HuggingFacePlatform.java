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
import io.embedlake.encoder.network.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The platform {@code huggingface}: local transformers with a Hugging Face tokenizer, built from their checkpoints, or in ONNX format.
 * Stateless.
 */
public final class HuggingFacePlatform implements Platform {
    /** The setting that says where the model is; a cluster's executors may find it elsewhere than the driver. */
    public static final String MODEL = "model";

    private final ModelLocator locator = new ModelLocator(CacheFolder.of(System.getenv()));

    @Override
    public String name() {
        return "huggingface";
    }

    @Override
    public List<String> options() {
        return List.of(
                VectorSettings.POOLING,
                VectorSettings.NORMALIZE,
                VectorSettings.MAX_TOKENS,
                VectorSettings.PROMPT,
                VectorSettings.PROMPT_NAME,
                VectorSettings.LAYERS,
                VectorSettings.PRECISION);
    }

    @Override
    public EmbedderSpec describe(EmbedderRequest request) {
        ModelFiles files = locator.locate(request.model().orElse(ModelLocator.defaultModel()));
        VectorSettings vectors = new VectorSettings(request, files);
        Map<String, String> vectorChanging = new TreeMap<>(vectors.settings());
        vectorChanging.put("platform", name());
        Map<String, String> settings = new TreeMap<>(vectors.settings());
        settings.put(MODEL, files.place());
        return new EmbedderSpec(name(), files.label(), Fingerprint.of(vectorChanging), settings, vectors.notes());
    }

    @Override
    public TokenCounter counter(EmbedderSpec spec) {
        return tokenizer(spec, locator.locate(spec.setting(MODEL)));
    }

    @Override
    public Embedder load(EmbedderSpec spec, Device device) {
        ModelFiles files = locator.locate(spec.setting(MODEL));
        requireSame(spec, VectorSettings.WEIGHTS, files.weights(), files.weightsHash());
        requireSame(spec, VectorSettings.TOKENIZER, files.tokenizer(), files.tokenizerHash());
        if (files.form() == ModelFiles.Form.CHECKPOINT) {
            Precision precision =
                    Precision.valueOf(spec.setting(VectorSettings.PRECISION).toUpperCase(Locale.ROOT));
            return NativeEmbedder.load(
                    files,
                    tokenizer(spec, files),
                    VectorSettings.network(files),
                    Heads.of(spec, files),
                    precision,
                    device);
        }
        return OnnxEmbedder.load(
                files,
                tokenizer(spec, files),
                Pooling.named(spec.label(), spec.setting(VectorSettings.POOLING)),
                Boolean.parseBoolean(spec.setting(VectorSettings.NORMALIZE)),
                device);
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
        if (!hash.equals(spec.setting(setting))) {
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
        TokenizerFile file = new TokenizerFile(
                files.tokenizer(),
                settings.containsKey(VectorSettings.LOWER_CASE)
                        ? TokenizerFile.Case.LOWER
                        : TokenizerFile.Case.AS_THE_FILE_SAYS);
        return TransformerTokenizer.read(
                spec.label(), file, Integer.parseInt(spec.setting(VectorSettings.MAX_TOKENS)), prompt);
    }
}
