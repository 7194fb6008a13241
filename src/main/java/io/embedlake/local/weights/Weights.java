package io.embedlake.local.weights;

import io.embedlake.spi.EmbedlakeException;
import java.util.Set;

/** Tensors by name. Immutable and thread-safe; a tensor's bytes are mapped when it is asked for and stay out of the heap. */
public interface Weights {
    /** The names of all tensors. */
    Set<String> names();

    /**
     * One of them.
     *
     * @throws EmbedlakeException {@link io.embedlake.spi.ErrorKind#CONFIGURATION} when it cannot be read
     * @throws IllegalArgumentException when there is none of this name
     */
    Tensor tensor(String name);
}
