package io.embedlake.lexical.fitted;

import io.embedlake.lexical.FittedFile;
import io.embedlake.lexical.words.WordVectorsPlatform;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Fingerprint;
import io.embedlake.spi.FittedPlatform;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.PlatformOption;
import io.embedlake.spi.TokenCounter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The platform {@code word2vec}: vectors of words that are trained on the column; their file is one that the platform
 * {@code word-vectors} reads, which makes the vectors of texts. Stateless.
 */
public final class Word2VecPlatform implements FittedPlatform {
    private static final String POOLING = "pooling";
    private static final String NORMALIZE = "normalize";
    private static final int DEFAULT_DIMENSIONS = 100;
    private static final WordVectorsPlatform WORDS = new WordVectorsPlatform();

    @Override
    public String name() {
        return "word2vec";
    }

    @Override
    public List<String> options() {
        return List.of(FIT_ROWS, BagSettings.DIMENSIONS, POOLING, NORMALIZE);
    }

    @Override
    public List<PlatformOption> declares() {
        return List.of(FittedOptions.VOCABULARY, FittedOptions.MIN_DOCUMENTS);
    }

    /** What words are trained on. */
    public Terms terms() {
        return new Terms.LowerCaseWords();
    }

    /** The most words that get a vector. */
    public int vocabulary(EmbedderRequest request) {
        return BagSettings.vocabulary(request);
    }

    /** In how many texts of the sample a word must stand to get a vector. */
    public int minDocuments(EmbedderRequest request) {
        return BagSettings.minDocuments(request);
    }

    /** The length of a vector. */
    public int dimensions(EmbedderRequest request) {
        return request.number(BagSettings.DIMENSIONS).orElse(DEFAULT_DIMENSIONS);
    }

    @Override
    public Fingerprint fitting(EmbedderRequest request) {
        return Fingerprint.of(Map.of(
                "platform",
                name(),
                "terms",
                terms().name(),
                BagSettings.VOCABULARY,
                String.valueOf(vocabulary(request)),
                BagSettings.MIN_DOCUMENTS,
                String.valueOf(minDocuments(request)),
                BagSettings.DIMENSIONS,
                String.valueOf(dimensions(request))));
    }

    @Override
    public EmbedderSpec describe(EmbedderRequest request) {
        return new EmbedderSpec(
                name(),
                name() + ", to be fitted",
                fitting(request),
                Map.of(),
                Granularity.ATTRIBUTE,
                List.of(FittedNotes.toBeFitted(request)));
    }

    /** The spec of the platform that reads the file, under this platform's name. */
    @Override
    public EmbedderSpec describe(EmbedderRequest request, Path file) {
        EmbedderSpec words = WORDS.describe(new EmbedderRequest(Optional.of(file.toString()), request.options()));
        String hash = FittedFile.hash(file);
        Map<String, String> settings = new HashMap<>(words.settings());
        settings.put(BagPlatform.FILE_HASH, hash);
        return new EmbedderSpec(
                        name(),
                        name() + " in " + dimensions(request) + " dimensions",
                        Fingerprint.of(Map.of(
                                "platform", name(), "words", words.fingerprint().canonical())),
                        settings,
                        Granularity.ATTRIBUTE,
                        List.of())
                .at(words.requiredModel());
    }

    @Override
    public TokenCounter counter(EmbedderSpec spec) {
        return WORDS.counter(spec);
    }

    @Override
    public Embedder load(EmbedderSpec spec, Device device) {
        return WORDS.load(spec, device);
    }

    @Override
    public double assumedTokensPerSecondPerCore() {
        return WORDS.assumedTokensPerSecondPerCore();
    }
}
