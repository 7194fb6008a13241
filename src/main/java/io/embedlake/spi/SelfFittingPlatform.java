package io.embedlake.spi;

import java.util.List;

/**
 * A platform that fits its model in the memory of one machine. Implementations are stateless and thread-safe.
 */
public interface SelfFittingPlatform extends FittedPlatform {
    /**
     * Fits a model. The same arguments give the same bytes.
     *
     * @param sample distinct texts, at least one, none blank, in random order
     * @param seed what all randomness comes from
     * @return the content of the model's file
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the sample is too small or does not fit
     */
    byte[] fit(EmbedderRequest request, List<String> sample, long seed);
}
