package io.embedlake.local.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.local.weights.Checkpoint;
import io.embedlake.local.weights.GitLfs;
import io.embedlake.local.weights.Weights;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.FileHashes;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A model's files on this machine's disk. Immutable.
 *
 * @param label the model's name in messages
 * @param place where the model is: a directory's absolute path, or the name of the embedded model
 * @param commit the commit of the hub that the files are of, when they come from there
 * @param form what the weights are, and so what computes with them
 * @param weights the file with the weights, or the index of those that have them
 * @param converter what turns inputs into those of the network: of texts {@code tokenizer.json} in Hugging Face's format, or BERT's
 *     {@code vocab.txt}; of images {@code preprocessor_config.json} or {@code processor_config.json}, if there is one
 * @param config the network's description, {@code config.json}, as text
 * @param input what is embedded with it
 * @param settings what the model says of its pooling and lengths, as far as it says anything
 */
public record ModelFiles(
        String label,
        String place,
        Optional<String> commit,
        Form form,
        Path weights,
        Optional<Path> converter,
        Optional<String> config,
        InputKind input,
        FolderSettings settings) {

    private static final String IMAGE_PROCESSOR = "image_processor";

    /** The form of a model's weights. */
    public enum Form {
        /** Tensors and a description of the network, which embedlake builds itself. */
        CHECKPOINT,
        /** A network in ONNX format, which ONNX Runtime runs. */
        ONNX
    }

    /** The tensors; only a checkpoint has some. */
    public Weights open() {
        return Checkpoint.openFile(weights);
    }

    /**
     * The SHA-256 of the file with the weights. Where there are several (shards, or what ONNX keeps outside of the network in files
     * whose names begin like its own, such as {@code model.onnx_data}), it is the SHA-256 of the list of all their names and hashes.
     */
    public String weightsHash() {
        List<Path> files = weightsFiles();
        if (files.size() == 1) {
            return hash(weights);
        }
        String list = files.stream()
                .map(file -> file.getFileName() + " " + hash(file) + "\n")
                .collect(Collectors.joining());
        return Sha256.hex(list.getBytes(StandardCharsets.UTF_8));
    }

    /** All files that decide what vectors come out, and the SHA-256 of each. */
    public Map<Path, String> hashes() {
        Map<Path, String> hashes = new LinkedHashMap<>();
        weightsFiles().forEach(file -> hashes.put(file, hash(file)));
        converter.ifPresent(file -> hashes.put(file, hash(file)));
        settings.modules().stream()
                .flatMap(module -> module.weights().stream())
                .forEach(file -> hashes.put(file, hash(file)));
        return hashes;
    }

    private List<Path> weightsFiles() {
        if (form == Form.CHECKPOINT) {
            return Checkpoint.files(weights);
        }
        List<Path> files = new ArrayList<>(List.of(weights));
        String name = weights.getFileName().toString();
        try (Stream<Path> beside = Files.list(weights.toAbsolutePath().getParent())) {
            beside.filter(file -> file.getFileName().toString().startsWith(name))
                    .filter(file -> !file.getFileName().equals(weights.getFileName()))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .forEach(files::add);
        } catch (IOException e) {
            throw unreadable(weights.getParent(), e);
        }
        return files;
    }

    /** The tokenizer; only a model for texts has one. */
    public Path tokenizer() {
        return converter
                .filter(file -> input == InputKind.TEXT)
                .orElseThrow(() -> new IllegalStateException("images have no tokenizer"));
    }

    /** The SHA-256 of the tokenizer's file. */
    public String tokenizerHash() {
        return hash(tokenizer());
    }

    /**
     * The settings of the image processor, where the model comes with some.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the file is not a JSON object
     */
    public Optional<JsonNode> processor() {
        return converter
                .filter(file -> input == InputKind.IMAGE)
                .map(file -> ModelJson.read(label, file).json())
                .map(json -> json.has(IMAGE_PROCESSOR) ? json.get(IMAGE_PROCESSOR) : json);
    }

    /** The SHA-256 of a file of the model. */
    public String hash(Path file) {
        GitLfs.requireContent(file);
        try {
            return FileHashes.of(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private EmbedlakeException unreadable(Path file, IOException cause) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot read the model " + label + ": " + file + " (" + cause.getMessage()
                        + "). Give the job read access to the file.",
                cause);
    }
}
