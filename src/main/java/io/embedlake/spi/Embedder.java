package io.embedlake.spi;

/**
 * A loaded resource for one {@link EmbedderSpec} in one JVM: weights on a device, or a client. Thread-safe; closed by its loader,
 * after all its sessions.
 */
public interface Embedder extends AutoCloseable {
    /** The length of every vector. */
    int dimension();

    /** The unit that gets its own vector. */
    default Granularity granularity() {
        return Granularity.ATTRIBUTE;
    }

    /** What it embeds. */
    default InputKind inputs() {
        return InputKind.TEXT;
    }

    /** Whether a vector of zeros can be right; elsewhere it is the answer of a model that failed without saying so. */
    default boolean hasZeroVectors() {
        return false;
    }

    /** Opens a session for the calling thread. */
    EmbeddingSession open();

    /** By default an embedder holds nothing to close. */
    @Override
    default void close() {}
}
