package io.embedlake.cli.bench;

import io.embedlake.config.BatchTokens;
import io.embedlake.pipeline.BarePipeline;
import io.embedlake.pipeline.BatchSize;
import io.embedlake.pipeline.BatchTuner;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import io.embedlake.spi.Vectors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures the bare pipeline on some texts, and compares its vectors with the same model's in 32 bits. Immutable.
 *
 * @param texts the texts
 * @param threads how many pipelines work side by side
 * @param batchTokens the padded tokens of a batch, or that they are to be found
 */
public record Bench(List<String> texts, int threads, BatchTokens batchTokens) {
    private static final String PRECISION = "precision";
    private static final String FP32 = "fp32";
    private static final int WARM_UP_TEXTS = 400;

    /** As many vectors are compared with 32-bit ones: enough for a least cosine, and the texts need not be embedded twice. */
    private static final int COMPARED_TEXTS = 2_000;

    public Bench {
        texts = List.copyOf(texts);
    }

    /**
     * Loads a model, warms it up, embeds the texts once and reports the result.
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
            BarePipeline pipeline = new BarePipeline(embedder, threads, size);
            pipeline.run(spread(texts, WARM_UP_TEXTS));
            BarePipeline.Run run = pipeline.run(texts);
            double[] cosines = cosines(platform, model, options, spec, run.vectors(), size.tokens());
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("model", spec.label());
            figures.put(PRECISION, spec.setting(PRECISION));
            figures.put("threads", threads);
            figures.put("batch_tokens", size.tokens());
            figures.put("texts", texts.size());
            figures.put("tokens", run.tokens());
            figures.put("seconds", rounded(run.seconds(), 1e3));
            figures.put("texts_per_s", rounded(texts.size() / run.seconds(), 10));
            figures.put("tokens_per_s", Math.round(run.tokens() / run.seconds()));
            figures.put("padding", rounded(run.padding(), 1e4));
            figures.put("mean_cosine", rounded(cosines[0], 1e6));
            figures.put("min_cosine", rounded(cosines[1], 1e6));
            figures.put("load_seconds", rounded(loading, 1e2));
            figures.put("notes", spec.notes());
            return figures;
        }
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
                    .run(spread(texts, COMPARED_TEXTS))
                    .vectors();
            List<float[]> compared = spread(vectors, COMPARED_TEXTS);
            double sum = 0;
            double least = 1;
            for (int i = 0; i < expected.size(); i++) {
                double cosine = Vectors.cosine(expected.get(i), compared.get(i));
                sum += cosine;
                least = Math.min(least, cosine);
            }
            return new double[] {sum / Math.max(1, expected.size()), least};
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
