package io.embedlake.local.weights;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Finds the weights of a model's folder. Stateless. */
public final class Checkpoint {
    /** What a folder may have, the best first: the plain file before its shards, the format that cannot hold code before pickles. */
    private static final Map<String, Function<Path, Weights>> FORMATS = ordered();

    private static final String INDEX = ".index.json";

    private Checkpoint() {}

    /** The file with a folder's weights, or with the index of the files that have them, if there is one. */
    public static Optional<Path> find(Path folder) {
        return file(folder);
    }

    /** The files with a folder's weights: one, or an index and its shards. */
    public static List<Path> files(Path main) {
        return main.getFileName().toString().endsWith(INDEX) ? ShardedWeights.files(main) : List.of(main);
    }

    /**
     * Opens a folder's weights.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it has none, or they are damaged or hold more than tensors
     */
    public static Weights open(Path folder) {
        Path file = file(folder)
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot read the weights in " + folder + " (it has none of "
                                + String.join(", ", FORMATS.keySet())
                                + "). Get the model's files again, or change the key model."));
        return openFile(file);
    }

    /**
     * Opens a file that {@link #find} found, or an ONNX network.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is damaged or holds more than tensors
     */
    public static Weights openFile(Path file) {
        return FORMATS.getOrDefault(file.getFileName().toString(), OnnxWeights::open)
                .apply(file);
    }

    private static Optional<Path> file(Path folder) {
        return FORMATS.keySet().stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static Map<String, Function<Path, Weights>> ordered() {
        Map<String, Function<Path, Weights>> formats = new java.util.LinkedHashMap<>();
        formats.put("model.safetensors", Safetensors::open);
        formats.put("model.safetensors.index.json", index -> ShardedWeights.open(index, Safetensors::open));
        formats.put("pytorch_model.bin", TorchFile::open);
        formats.put("pytorch_model.bin.index.json", index -> ShardedWeights.open(index, TorchFile::open));
        return formats;
    }
}
