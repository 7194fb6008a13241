package io.embedlake.spi;

import java.util.List;

/**
 * A platform that fits its model in the memory of one machine. Implementations are stateless and thread-safe.
 */
public interface SelfFittingPlatform extends FittedPlatform {
    /**
     * Fits a model. The same arguments give the same bytes.
     *
     * @param sample different texts, at least one, none of them blank, in an order that says nothing about them
     * @param seed what all randomness comes from
     * @return the content of the model's file
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the sample is too small or does not fit
     */
    byte[] fit(EmbedderRequest request, List<String> sample, long seed);
}
