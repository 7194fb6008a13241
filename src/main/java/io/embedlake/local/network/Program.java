package io.embedlake.local.network;

import io.embedlake.local.weights.Tensor;
import java.util.List;

/**
 * A network as text and tensors. Immutable.
 *
 * @param text TorchScript: the functions it uses and the class {@code Encoder} with the methods {@code load} and {@code forward}
 * @param weights what {@code load} takes, as it lies in the checkpoint's files
 */
public record Program(String text, List<Tensor> weights) {
    public Program {
        weights = List.copyOf(weights);
    }

    /** What libtorch loads: the text without the weights. */
    public byte[] archive() {
        return TorchArchive.of(this);
    }
}
