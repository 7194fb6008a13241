package io.embedlake.local.files;

import io.embedlake.local.hub.Hub;
import io.embedlake.local.hub.HubModel;
import io.embedlake.local.hub.HubSettings;
import io.embedlake.local.hub.Snapshot;
import io.embedlake.local.weights.Checkpoint;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Finds a model by the name a job gives it: the embedded default, a directory of this machine, or a model of the Hugging Face hub, which
 * is downloaded unless it is cached. Thread-safe.
 */
public final class ModelLocator {
    private static final List<String> ONNX_PLACES = List.of("model.onnx", "onnx/model.onnx");
    private static final List<String> PROCESSORS = List.of("preprocessor_config.json", "processor_config.json");
    private static final List<String> TOKENIZERS = List.of("tokenizer.json", "vocab.txt");
    private static final String CONFIG = "config.json";

    private final EmbeddedModel embedded;
    private final Function<UnaryOperator<HubSettings>, Hub> hub;

    /**
     * A locator.
     *
     * @param cache where the embedded model is unpacked
     * @param hub asked when a model is not on this machine, with the job's changes to its settings
     */
    public ModelLocator(Path cache, Function<UnaryOperator<HubSettings>, Hub> hub) {
        this.embedded = new EmbeddedModel(cache);
        this.hub = hub;
    }

    /** A locator with the folders, the hub and the token that these variables name. */
    public static ModelLocator of(Map<String, String> environment) {
        return new ModelLocator(
                CacheFolder.of(environment), change -> new Hub(change.apply(HubSettings.of(environment))));
    }

    /** The model that a job gets when it names none. */
    public static String defaultModel() {
        return EmbeddedModel.NAME;
    }

    /**
     * The files of a model for texts.
     *
     * @param model a directory, the name of the embedded model, or one of the hub such as {@code org/name} or
     *     {@code org/name@revision}
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is no such model, or a file is missing;
     *     {@link ErrorKind#STORAGE} and {@link ErrorKind#TRANSIENT} when it cannot be downloaded
     */
    public ModelFiles locate(String model) {
        return locate(model, UnaryOperator.identity(), config -> InputKind.TEXT);
    }

    /**
     * The files of a model, as {@link #locate(String)} finds them.
     *
     * @param change what a job changes of the settings of the hub that the environment names
     * @param input what is embedded with it, by its {@code config.json}, where it has one
     */
    public ModelFiles locate(
            String model, UnaryOperator<HubSettings> change, Function<Optional<String>, InputKind> input) {
        if (model.equals(EmbeddedModel.NAME)) {
            ModelFiles files = embedded.unpack();
            input.apply(files.config());
            return files;
        }
        Optional<Path> directory = directory(model);
        if (directory.isPresent()) {
            return locate(model, directory.get(), Optional.empty(), input);
        }
        HubModel named = HubModel.parse(model)
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot find the model: " + model
                                + " (it is no directory with a model, no name of the hub such as organisation/name, and not "
                                + EmbeddedModel.NAME + "). Change the key model."));
        Snapshot snapshot = hub.apply(change).resolve(named);
        return locate(model, snapshot.folder(), Optional.of(snapshot.commit()), input);
    }

    private static ModelFiles locate(
            String model, Path directory, Optional<String> commit, Function<Optional<String>, InputKind> input) {
        Path transformer = FolderSettings.transformer(model, directory);
        FolderSettings.requireNoAdapter(model, transformer);
        Optional<Path> checkpoint =
                Files.isRegularFile(transformer.resolve(CONFIG)) ? Checkpoint.find(transformer) : Optional.empty();
        Path weights = checkpoint
                .or(() -> onnx(directory, transformer))
                .orElseThrow(() -> missing(model, directory, "config.json with model.safetensors, and no model.onnx"));
        ModelJson.read(model, transformer.resolve(CONFIG));
        Optional<String> config = config(model, transformer);
        InputKind kind = input.apply(config);
        Optional<Path> converter = first(kind == InputKind.TEXT ? TOKENIZERS : PROCESSORS, directory, transformer);
        if (kind == InputKind.TEXT && converter.isEmpty()) {
            throw missing(model, directory, "tokenizer.json or vocab.txt");
        }
        return new ModelFiles(
                model,
                directory.toString(),
                commit,
                checkpoint.isPresent() ? ModelFiles.Form.CHECKPOINT : ModelFiles.Form.ONNX,
                weights,
                converter,
                config,
                kind,
                FolderSettings.read(
                        model, directory, converter.map(Path::getParent).orElse(directory), kind));
    }

    private static Optional<Path> onnx(Path directory, Path transformer) {
        return Stream.of(directory, transformer)
                .flatMap(folder -> ONNX_PLACES.stream().map(folder::resolve))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static Optional<Path> first(List<String> names, Path directory, Path transformer) {
        return names.stream()
                .flatMap(name -> Stream.of(transformer, directory).map(folder -> folder.resolve(name)))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static Optional<String> config(String model, Path transformer) {
        Path file = transformer.resolve(CONFIG);
        try {
            return Files.isRegularFile(file)
                    ? Optional.of(Files.readString(file).replaceFirst("^\ufeff", ""))
                    : Optional.empty();
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read the model " + model + ": " + file
                            + " (it is not a text in UTF-8, or it may not be read)."
                            + " Replace the file or change the key model.",
                    e);
        }
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
                        + " (a model directory holds config.json, model.safetensors or pytorch_model.bin, and tokenizer.json; or"
                        + " model.onnx and tokenizer.json). Add the file or change the key model.");
    }
}
