package io.embedlake.cli.bench;

import io.embedlake.config.BatchTokens;
import io.embedlake.pipeline.BarePipeline;
import io.embedlake.pipeline.BatchSize;
import io.embedlake.pipeline.BatchTuner;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import io.embedlake.spi.Vectors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures the bare pipeline on some texts or images, and compares its vectors with the same model's in 32 bits. Immutable.
 *
 * @param inputs the texts, or the images
 * @param threads how many pipelines work side by side
 * @param batchTokens the padded tokens of a batch, or that they are to be found
 */
public record Bench(List<Input> inputs, int threads, BatchTokens batchTokens) {
    private static final String PRECISION = "precision";
    private static final String FP32 = "fp32";

    /** How many inputs warm the machine up and, of these vectors, how many are compared with 32-bit ones: enough for a least cosine. */
    private enum Sample {
        OF_TEXTS(400, 2_000),
        OF_IMAGES(32, 200);

        private final int warmUp;
        private final int compared;

        Sample(int warmUp, int compared) {
            this.warmUp = warmUp;
            this.compared = compared;
        }
    }

    public Bench {
        inputs = List.copyOf(inputs);
    }

    private InputKind kind() {
        return inputs.get(0).kind();
    }

    private Sample sample() {
        return kind() == InputKind.IMAGE ? Sample.OF_IMAGES : Sample.OF_TEXTS;
    }

    /**
     * Loads a model, warms it up, embeds the inputs once and reports the result.
     *
     * @param model the model; the embedded one when there is none
     * @param options the platform's keys
     * @return the figures by name, in the order in which they are printed
     */
    public Map<String, Object> measure(Optional<String> model, Map<String, String> options) {
        Platform platform = Platforms.named("huggingface");
        EmbedderSpec spec = platform.settle(platform.describe(new EmbedderRequest(model, options)), Device.CPU);
        long begin = System.nanoTime();
        try (Embedder embedder = platform.load(spec, Device.CPU)) {
            double loading = (System.nanoTime() - begin) / 1e9;
            BatchSize size = batchTokens.isAuto()
                    ? BatchTuner.of(spec.label(), Device.CPU, System::nanoTime)
                    : BatchSize.of(batchTokens.tokens());
            new BarePipeline(embedder, threads, size).embed(spread(inputs, sample().warmUp));
            TimedEmbedder timed = new TimedEmbedder(embedder);
            BarePipeline.Run run = new BarePipeline(timed, threads, size).embed(inputs);
            double[] cosines = cosines(platform, model, options, spec, run.vectors(), size.tokens());
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("model", spec.label());
            figures.put(PRECISION, spec.setting(PRECISION));
            figures.put("threads", threads);
            figures.put("batch_tokens", size.tokens());
            figures.putAll(kind() == InputKind.IMAGE ? ofImages(run, timed) : ofTexts(run));
            figures.put("mean_cosine", rounded(cosines[0], 1e6));
            figures.put("min_cosine", rounded(cosines[1], 1e6));
            figures.put("load_seconds", rounded(loading, 1e2));
            figures.put("notes", spec.notes());
            return figures;
        }
    }

    private Map<String, Object> ofTexts(BarePipeline.Run run) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("texts", inputs.size());
        figures.put("tokens", run.tokens());
        figures.put("seconds", rounded(run.seconds(), 1e3));
        figures.put("texts_per_s", rounded(inputs.size() / run.seconds(), 10));
        figures.put("tokens_per_s", Math.round(run.tokens() / run.seconds()));
        figures.put("padding", rounded(run.padding(), 1e4));
        return figures;
    }

    private Map<String, Object> ofImages(BarePipeline.Run run, TimedEmbedder timed) {
        double megabytes = inputs.stream().mapToLong(Input::size).sum() / 1e6;
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("images", inputs.size());
        figures.put(
                "refused",
                run.vectors().stream().filter(vector -> vector.length == 0).count());
        figures.put("patches", run.tokens());
        figures.put("megabytes", rounded(megabytes, 10));
        figures.put("seconds", rounded(run.seconds(), 1e3));
        figures.put("images_per_s", rounded(inputs.size() / run.seconds(), 10));
        figures.put("patches_per_s", Math.round(run.tokens() / run.seconds()));
        figures.put("megabytes_per_s", rounded(megabytes / run.seconds(), 100));
        figures.put("prepare_ms", rounded(1e3 * timed.preparing() / inputs.size(), 1e3));
        figures.put("compute_ms", rounded(1e3 * timed.computing() / inputs.size(), 1e3));
        figures.put("prepare_share", rounded(timed.preparing() / (timed.preparing() + timed.computing()), 1e3));
        return figures;
    }

    /** The mean and the least cosine of the vectors with 32-bit ones. */
    private double[] cosines(
            Platform platform,
            Optional<String> model,
            Map<String, String> options,
            EmbedderSpec spec,
            List<float[]> vectors,
            int taken) {
        if (spec.setting(PRECISION).equals(FP32)) {
            return new double[] {1, 1};
        }
        Map<String, String> exact = new LinkedHashMap<>(options);
        exact.put(PRECISION, FP32);
        try (Embedder embedder = platform.load(platform.describe(new EmbedderRequest(model, exact)), Device.CPU)) {
            List<float[]> expected = new BarePipeline(embedder, threads, BatchSize.of(taken))
                    .embed(spread(inputs, sample().compared))
                    .vectors();
            List<float[]> compared = spread(vectors, sample().compared);
            double sum = 0;
            double least = 1;
            int both = 0;
            for (int i = 0; i < expected.size(); i++) {
                if (expected.get(i).length > 0 && compared.get(i).length > 0) {
                    double cosine = Vectors.cosine(expected.get(i), compared.get(i));
                    sum += cosine;
                    least = Math.min(least, cosine);
                    both++;
                }
            }
            return new double[] {sum / Math.max(1, both), least};
        }
    }

    /** This many elements spread over a list: the same positions for lists of the same length. */
    private static <T> List<T> spread(List<T> list, int count) {
        int step = Math.max(1, list.size() / count);
        List<T> spread = new ArrayList<>();
        for (int i = 0; i < list.size() && spread.size() < count; i += step) {
            spread.add(list.get(i));
        }
        return spread;
    }

    private static double rounded(double value, double unit) {
        return Math.round(value * unit) / unit;
    }
}
