package io.embedlake.spi;

import java.nio.file.Path;

/**
 * A platform whose model is fitted on a sample of the very column that it embeds. Implementations are stateless and thread-safe.
 *
 * <p>The model is fitted once, before anything else of a job's first run, and kept in the job's store. Until then
 * {@link #describe(EmbedderRequest)} gives a provisional spec: it has no {@linkplain EmbedderSpec#model() model}, counts tokens, cannot
 * be loaded, and no vector ever has its fingerprint.
 */
public interface FittedPlatform extends Platform {
    /** The option with the number of texts to fit the model on. */
    String FIT_ROWS = "fit-rows";

    /** The default number of texts to fit the model on. */
    int DEFAULT_FIT_ROWS = 100_000;

    /**
     * All that the model depends on but the sample, defaults included: a model that was fitted for one request serves another that gives
     * the same.
     */
    Fingerprint fitting(EmbedderRequest request);

    /**
     * Describes the embedder with a fitted model. The fingerprint has the hash of the model, and the spec names its file.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the file is damaged or was fitted by another platform
     */
    EmbedderSpec describe(EmbedderRequest request, Path model);

    /** Whether a spec is provisional: its platform fits models, and it names none. */
    static boolean isProvisional(EmbedderSpec spec) {
        return spec.model().isEmpty() && Platforms.named(spec.platform()) instanceof FittedPlatform;
    }
}
