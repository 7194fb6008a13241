package io.embedlake.lexical.fitted;

import io.embedlake.lexical.FittedFile;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Fingerprint;
import io.embedlake.spi.FittedPlatform;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.PlatformOption;
import io.embedlake.spi.TokenCounter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the platforms have in common that count terms: a vocabulary, weights and a projection that are fitted on a sample of the column.
 * Stateless.
 */
public abstract class BagPlatform implements FittedPlatform {
    /** The setting that holds the hash of the model's file. */
    static final String FILE_HASH = "weights-sha256";

    private static final String TERMS = "terms";

    /** What a request asks for, defaults included. */
    public abstract BagSettings settings(EmbedderRequest request);

    @Override
    public List<String> options() {
        return List.of(FIT_ROWS, BagSettings.DIMENSIONS);
    }

    @Override
    public List<PlatformOption> declares() {
        return List.of(FittedOptions.VOCABULARY, FittedOptions.MIN_DOCUMENTS);
    }

    @Override
    public boolean takesVocabularyAsDimensions() {
        return true;
    }

    @Override
    public Fingerprint fitting(EmbedderRequest request) {
        Map<String, String> properties = new HashMap<>(settings(request).properties());
        properties.put("platform", name());
        return Fingerprint.of(properties);
    }

    @Override
    public EmbedderSpec describe(EmbedderRequest request) {
        return new EmbedderSpec(
                name(),
                name() + ", to be fitted",
                fitting(request),
                Map.of(TERMS, settings(request).terms().name()),
                Granularity.ATTRIBUTE,
                List.of(FittedNotes.toBeFitted(request)));
    }

    @Override
    public EmbedderSpec describe(EmbedderRequest request, Path file) {
        BagModel model = BagFile.read(file);
        BagSettings settings = settings(request);
        if (!model.terms().equals(settings.terms()) || model.weighting() != settings.weighting()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the fitted model " + file + " with the platform " + name() + " (it was fitted on "
                            + model.terms().name() + ", weighted by " + model.weighting() + ", and the job asks for "
                            + settings.terms().name() + ", weighted by " + settings.weighting()
                            + "). Set the embedding's keys as they were.");
        }
        String hash = FittedFile.hash(file);
        return new EmbedderSpec(
                        name(),
                        name() + " of " + model.vocabulary().size() + " "
                                + model.terms().plural() + " in " + model.dimensions() + " dimensions",
                        Fingerprint.of(
                                Map.of("platform", name(), TERMS, model.terms().name(), "model", hash)),
                        Map.of(FILE_HASH, hash, TERMS, model.terms().name()),
                        Granularity.ATTRIBUTE,
                        List.of(FittedNotes.fitted(model.texts())))
                .at(file.toString());
    }

    @Override
    public TokenCounter counter(EmbedderSpec spec) {
        return new TermCounter(Terms.named(spec.setting(TERMS)));
    }

    @Override
    public Embedder load(EmbedderSpec spec, Device device) {
        device.requireProcessor(name());
        Path file = Path.of(spec.requiredModel());
        BagModel model = BagFile.read(file);
        FittedFile.requireHash(file, spec.setting(FILE_HASH));
        return new BagEmbedder(model);
    }

    @Override
    public double assumedTokensPerSecondPerCore() {
        return 1_000_000;
    }
}
