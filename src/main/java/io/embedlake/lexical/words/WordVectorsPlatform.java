package io.embedlake.lexical.words;

import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.FileHashes;
import io.embedlake.spi.Fingerprint;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.Platform;
import io.embedlake.spi.TokenCounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The platform {@code word-vectors}: means of the vectors that a file of GloVe, word2vec or fastText gives to words. Stateless. */
public final class WordVectorsPlatform implements Platform {
    private static final String POOLING = "pooling";
    private static final String NORMALIZE = "normalize";
    private static final String FILE_HASH = "file";
    private static final String SIF_NOTE =
            "pooling sif takes how frequent a word is from its place in the file, by Zipf's law:"
                    + " the file has to begin with the most frequent words, as published ones do";

    @Override
    public String name() {
        return "word-vectors";
    }

    @Override
    public Optional<String> neededModel() {
        return Optional.of("a file of GloVe, word2vec or fastText");
    }

    @Override
    public List<String> options() {
        return List.of("model", POOLING, NORMALIZE);
    }

    @Override
    public EmbedderSpec describe(EmbedderRequest request) {
        Path file = file(request.model()
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot embed with the platform word-vectors: no model is given (a file of GloVe, word2vec or"
                                + " fastText). Set the key model.")));
        VectorFormat.of(MappedFile.open(file, MappedFile.SEGMENT_BYTES));
        Pooling pooling = pooling(request.option(POOLING).orElse(Pooling.MEAN.toString()));
        String normalize = request.option(NORMALIZE).orElse("false");
        String hash = hash(file);
        Fingerprint fingerprint = Fingerprint.of(Map.of(
                "platform",
                name(),
                FILE_HASH,
                hash,
                POOLING,
                pooling.toString(),
                NORMALIZE,
                normalize,
                "words",
                Words.VERSION));
        return new EmbedderSpec(
                        name(),
                        file.getFileName().toString(),
                        fingerprint,
                        Map.of(FILE_HASH, hash, POOLING, pooling.toString(), NORMALIZE, normalize),
                        Granularity.ATTRIBUTE,
                        pooling == Pooling.SIF ? List.of(SIF_NOTE) : List.of())
                .at(file.toString());
    }

    private static Path file(String model) {
        Path path;
        try {
            path = Path.of(model).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw notFound(model, e);
        }
        if (Files.isDirectory(path)) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read the word vectors " + path
                            + " (it is a folder, and a file of GloVe, word2vec or fastText is"
                            + " needed). Name the file in the key model.");
        }
        if (!Files.isRegularFile(path)) {
            throw notFound(model, null);
        }
        return path;
    }

    private static EmbedlakeException notFound(String model, Exception cause) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot find the word vectors: " + model
                        + " (it is no file; one of GloVe, word2vec or fastText is needed). Change the key model.",
                cause);
    }

    private static Pooling pooling(String name) {
        return Pooling.named(name)
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot pool the vectors of words: " + name + " (one of " + Arrays.toString(Pooling.values())
                                + " with the platform word-vectors). Change the key pooling."));
    }

    private static String hash(Path file) {
        try {
            return FileHashes.of(file);
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read the word vectors " + file
                            + " (the file may not be read). Give the job read access to it.",
                    e);
        }
    }

    @Override
    public TokenCounter counter(EmbedderSpec spec) {
        return new WordCounter();
    }

    @Override
    public Embedder load(EmbedderSpec spec, Device device) {
        device.requireProcessor(name());
        Path file = file(spec.requiredModel());
        if (!hash(file).equals(spec.setting(FILE_HASH))) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the word vectors " + file
                            + " (their content differs from what the job was planned with)."
                            + " Use the same file on every machine and start the job again.");
        }
        return new WordMeans(
                WordVectors.open(file, MappedFile.SEGMENT_BYTES),
                pooling(spec.setting(POOLING)),
                Boolean.parseBoolean(spec.setting(NORMALIZE)));
    }

    @Override
    public double assumedTokensPerSecondPerCore() {
        return 1_000_000;
    }
}
