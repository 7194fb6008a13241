package io.embedlake.checkpoint;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.embed.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A model's files on this machine's disk. Immutable.
 *
 * @param label how a person names the model
 * @param place where the model is: a directory's absolute path, or the name of the embedded model
 * @param onnx the network and its weights
 * @param tokenizer the tokenizer in Hugging Face's format, {@code tokenizer.json}
 * @param settings what the model says of its pooling and lengths, as far as it says anything
 */
public record ModelFiles(String label, String place, Path onnx, Path tokenizer, FolderSettings settings) {

    /**
     * The SHA-256 of the file with the weights. Where ONNX keeps weights outside of it, in files whose names begin like its
     * own, such as {@code model.onnx_data}, it is the SHA-256 of the list of all their names and hashes.
     */
    public String weightsHash() {
        List<Path> external = externalWeights();
        if (external.isEmpty()) {
            return hash(onnx);
        }
        String list = Stream.concat(Stream.of(onnx), external.stream())
                .map(file -> file.getFileName() + " " + hash(file) + "\n")
                .collect(Collectors.joining());
        return Sha256.hex(list.getBytes(StandardCharsets.UTF_8));
    }

    /** All files and the SHA-256 of each: the network, weights outside of it, the tokenizer. */
    public Map<Path, String> hashes() {
        Map<Path, String> hashes = new LinkedHashMap<>();
        hashes.put(onnx, hash(onnx));
        externalWeights().forEach(file -> hashes.put(file, hash(file)));
        hashes.put(tokenizer, hash(tokenizer));
        return hashes;
    }

    private List<Path> externalWeights() {
        String name = onnx.getFileName().toString();
        try (Stream<Path> beside = Files.list(onnx.toAbsolutePath().getParent())) {
            return beside.filter(file -> file.getFileName().toString().startsWith(name))
                    .filter(file -> !file.getFileName().equals(onnx.getFileName()))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw unreadable(onnx.getParent(), e);
        }
    }

    /** The SHA-256 of the tokenizer's file. */
    public String tokenizerHash() {
        return hash(tokenizer);
    }

    private String hash(Path file) {
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
