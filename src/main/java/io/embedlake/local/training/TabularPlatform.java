package io.embedlake.local.training;

import io.embedlake.lexical.FittedFile;
import io.embedlake.lexical.tabular.TabularEmbedder;
import io.embedlake.lexical.tabular.TabularModel;
import io.embedlake.lexical.tabular.TabularSchema;
import io.embedlake.reduce.NetworkReducer;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Fingerprint;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.SelfFittingPlatform;
import io.embedlake.spi.TokenCounter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the platforms have in common that train a small network on rows of numbers and categories, which come as JSON. Training needs
 * libtorch, embedding does not. Stateless.
 */
abstract class TabularPlatform implements SelfFittingPlatform {
    private static final String DIMENSIONS = "dimensions";
    private static final String FILE_HASH = "weights-sha256";
    private static final String FEATURES = "features";
    private static final String FEATURES_VERSION = "numbers, categories and arrays of a row, version 1";
    /** The longest vectors of a job that does not say how long. */
    private static final int MOST_UNASKED_DIMENSIONS = 32;

    /** Trains a network on the features of rows. */
    abstract NetworkReducer train(List<float[]> features, int dimensions, long seed);

    @Override
    public List<String> options() {
        return List.of(DIMENSIONS, FIT_ROWS);
    }

    @Override
    public boolean readsRows() {
        return true;
    }

    /** All that a model depends on but the sample. */
    @Override
    public Fingerprint fitting(EmbedderRequest request) {
        Map<String, String> properties = new HashMap<>(Map.of("platform", name(), FEATURES, FEATURES_VERSION));
        request.option(DIMENSIONS).ifPresent(dimensions -> properties.put(DIMENSIONS, dimensions));
        return Fingerprint.of(properties);
    }

    /** A provisional spec: it counts tokens and cannot be loaded, until a model is fitted. */
    @Override
    public EmbedderSpec describe(EmbedderRequest request) {
        return new EmbedderSpec(name(), name() + ", to be fitted", fitting(request), Map.of());
    }

    /**
     * Says what will make the vectors, with a fitted model.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the file is damaged, or was fitted by another platform or for
     *     vectors of another length
     */
    @Override
    public EmbedderSpec describe(EmbedderRequest request, Path model) {
        TabularModel fitted = TabularModel.read(model);
        int dimensions = fitted.network().dimensions();
        if (!fitted.platform().equals(name()) || request.number(DIMENSIONS).orElse(dimensions) != dimensions) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the fitted model " + model + " with the platform " + name() + " (it was fitted by the"
                            + " platform " + fitted.platform() + " for " + dimensions + " dimensions). Set the"
                            + " embedding's keys as they were.");
        }
        String hash = FittedFile.hash(model);
        return new EmbedderSpec(
                        name(),
                        name() + " of " + fitted.schema().columns() + " columns in " + dimensions + " dimensions",
                        Fingerprint.of(Map.of("platform", name(), FEATURES, FEATURES_VERSION, "model", hash)),
                        Map.of(FILE_HASH, hash),
                        Granularity.ATTRIBUTE,
                        List.of(String.format(
                                Locale.ROOT, "the model was fitted on %,d of the column's rows", fitted.rows())))
                .at(model.toString());
    }

    /**
     * Fits a model. The same arguments give the same bytes on one machine.
     *
     * @param sample rows as JSON
     * @param seed what all randomness comes from
     * @return the content of the model's file
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the sample is too small or cannot be learned from
     */
    @Override
    public byte[] fit(EmbedderRequest request, List<String> sample, long seed) {
        TabularSchema schema = TabularSchema.fit(sample);
        int unasked = Math.max(1, Math.min(MOST_UNASKED_DIMENSIONS, schema.width() / 2));
        int dimensions = request.number(DIMENSIONS).orElse(unasked);
        NetworkReducer network = train(sample.stream().map(schema::features).toList(), dimensions, seed);
        return new TabularModel(name(), sample.size(), schema, network).toBytes();
    }

    @Override
    public TokenCounter counter(EmbedderSpec spec) {
        return TabularEmbedder.counter();
    }

    @Override
    public Embedder load(EmbedderSpec spec, Device device) {
        device.requireProcessor(name());
        Path file = Path.of(spec.requiredModel());
        TabularModel model = TabularModel.read(file);
        FittedFile.requireHash(file, spec.setting(FILE_HASH));
        return new TabularEmbedder(model);
    }

    @Override
    public double assumedTokensPerSecondPerCore() {
        return 1_000_000;
    }
}
