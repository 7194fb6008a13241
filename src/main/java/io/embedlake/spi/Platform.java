package io.embedlake.spi;

import java.util.List;
import java.util.Optional;

/**
 * A way to make vectors, which jobs select by name. Implementations are stateless, thread-safe and found through
 * {@link java.util.ServiceLoader}.
 */
public interface Platform {
    /** The value of the job file's {@code platform} key. */
    String name();

    /** What {@code dimensions} may be, besides a number, where {@link #takesVocabularyAsDimensions()}. */
    String VOCABULARY = "vocabulary";

    /** The options shared by several kinds of platforms that this one supports, by key. */
    List<String> options();

    /** The options that it brings along: their keys are in job files because they are declared here. */
    default List<PlatformOption> declares() {
        return List.of();
    }

    /** Whether the option of this name may be set. */
    default boolean knows(String option) {
        return options().contains(option)
                || declares().stream().anyMatch(own -> own.name().equals(option));
    }

    /** Whether job files may name it and documents list it; a test's platform may not want that. */
    default boolean isListed() {
        return true;
    }

    /** What the key {@code model} must name, in words; empty where the platform has a default model. */
    default Optional<String> neededModel() {
        return Optional.empty();
    }

    /** Whether an attribute is a row of numbers and categories instead of a text. */
    default boolean readsRows() {
        return false;
    }

    /** Whether {@code dimensions} may be {@value #VOCABULARY}: a number for each term in place of a projection. */
    default boolean takesVocabularyAsDimensions() {
        return false;
    }

    /**
     * Inspects the model and describes the embedder. Loads no weights.
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
     * The {@link #choices} that a device of this machine computes fast, the best first; at least one. It follows from what the machine
     * is, never from a measured time.
     */
    default List<EmbedderSpec> candidates(EmbedderSpec spec, Device device) {
        return choices(spec);
    }

    /**
     * Takes the first candidate whose vectors are exact enough on a device of this machine.
     *
     * @param candidates some of the {@link #choices}, the best first
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the model cannot be loaded
     */
    default EmbedderSpec settle(EmbedderSpec spec, List<EmbedderSpec> candidates, Device device) {
        return spec;
    }

    /** {@link #settle(EmbedderSpec, List, Device) Settles} a spec for this machine alone. */
    default EmbedderSpec settle(EmbedderSpec spec, Device device) {
        return settle(spec, candidates(spec, device), device);
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

    /**
     * The same for queries of this kind, which may be another than the column's where the model has one space for texts and images.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the vectors of the column are not in one space with those of such
     *     queries
     */
    default EmbedderSpec forQueries(EmbedderRequest request, EmbedderSpec column, InputKind query) {
        if (query == column.inputs()) {
            return forQueries(request, column);
        }
        throw new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot search with " + query.inWords() + ": the vectors of " + column.label() + " are those of "
                        + column.inputs() + "s (the platform " + name()
                        + " has no space for both with this model). Search with "
                        + column.inputs().inWords() + ".");
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
    default int visibleGpus() {
        return 0;
    }

    /** Texts a second that one processor core is assumed to embed before any run has measured it; for estimates only. */
    double assumedTokensPerSecondPerCore();

    /** Whether it may open connections, which go through the proxy of the job. */
    default boolean usesNetwork() {
        return false;
    }
}
