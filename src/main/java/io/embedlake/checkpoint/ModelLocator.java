package io.embedlake.checkpoint;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds a model by the name a job gives it: the embedded default, or a directory of this machine. Thread-safe. */
public final class ModelLocator {
    private static final List<String> ONNX_PLACES = List.of("model.onnx", "onnx/model.onnx");
    private static final String TOKENIZER = "tokenizer.json";

    private final EmbeddedModel embedded;

    /** A locator that unpacks the embedded model into this folder. */
    public ModelLocator(Path cache) {
        this.embedded = new EmbeddedModel(cache);
    }

    /** The model that a job gets when it names none. */
    public static String defaultModel() {
        return EmbeddedModel.NAME;
    }

    /**
     * The files of a model.
     *
     * @param model a directory, or the name of the embedded model
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is no such model, or a file is missing
     */
    public ModelFiles locate(String model) {
        if (model.equals(EmbeddedModel.NAME)) {
            return embedded.unpack();
        }
        Path directory = directory(model)
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot find the model: " + model
                                + " (neither a directory with model.onnx and tokenizer.json nor " + EmbeddedModel.NAME
                                + "). Change the key model."));
        Path onnx = Stream.of(ONNX_PLACES)
                .flatMap(List::stream)
                .map(directory::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> missing(model, directory, "model.onnx"));
        Path tokenizer = directory.resolve(TOKENIZER);
        if (!Files.isRegularFile(tokenizer)) {
            throw missing(model, directory, TOKENIZER);
        }
        return new ModelFiles(model, directory.toString(), onnx, tokenizer, FolderSettings.read(model, directory));
    }

    private static Optional<Path> directory(String model) {
        try {
            return Optional.of(Path.of(model).toAbsolutePath().normalize()).filter(Files::isDirectory);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static EmbedlakeException missing(String model, Path directory, String file) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot use the model " + model + ": " + directory + " has no " + file
                        + " (a model directory holds model.onnx and tokenizer.json). Add the file or change the key model.");
    }
}
