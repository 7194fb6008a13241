package io.embedlake.checkpoint;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.embed.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

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

    /** The SHA-256 of the file with the weights. */
    public String weightsHash() {
        return hash(onnx);
    }

    /** The SHA-256 of the tokenizer's file. */
    public String tokenizerHash() {
        return hash(tokenizer);
    }

    private String hash(Path file) {
        try (InputStream bytes = Files.newInputStream(file)) {
            return Sha256.hex(bytes);
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read the model " + label + ": " + file + " (" + e.getMessage()
                            + "). Give the job read access to the file.",
                    e);
        }
    }
}
