package io.embedlake.embed;

import java.util.List;

/**
 * A way to make vectors, known to jobs by its name. Implementations are stateless, thread-safe and found through
 * {@link java.util.ServiceLoader}.
 */
public interface Platform {
    /** The value of the job file's {@code platform} key. */
    String name();

    /** The keys of the job file that mean something to this platform, apart from {@code model}. */
    List<String> options();

    /**
     * Looks at the model and says what will make the vectors. Loads no weights.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the model cannot be found, read or used
     */
    EmbedderSpec describe(EmbedderRequest request);

    /**
     * What a spec may become in which something is left open, such as the precision of its numbers; the spec itself when nothing is.
     * Asks nothing of the machine.
     */
    default List<EmbedderSpec> choices(EmbedderSpec spec) {
        return List.of(spec);
    }

    /**
     * Takes one of the {@link #choices} by trying them on a device of this machine.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the model cannot be loaded
     */
    default EmbedderSpec settle(EmbedderSpec spec, Device device) {
        return spec;
    }

    /**
     * What embeds queries that are compared with a column's vectors: the column's spec, but for what the job asks of queries alone, such
     * as another prompt.
     *
     * @param column the settled spec of the column
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the model has no such prompt
     */
    default EmbedderSpec forQueries(EmbedderRequest request, EmbedderSpec column) {
        return column;
    }

    /** A counter for this spec, closed by the caller. Loads a tokenizer, never a model. */
    TokenCounter counter(EmbedderSpec spec);

    /**
     * Loads what the spec describes onto a device; the caller closes it.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a file is damaged or the device is not there
     */
    Embedder load(EmbedderSpec spec, Device device);

    /** How many GPUs this platform can use in this JVM. */
    int visibleGpus();

    /** Texts a second that one processor core is assumed to embed before any run has measured it; for estimates only. */
    double assumedTokensPerSecondPerCore();
}
