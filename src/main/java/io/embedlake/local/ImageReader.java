package io.embedlake.local;

import io.embedlake.image.ImageDecoder;
import io.embedlake.image.ImageLimits;
import io.embedlake.image.ImageProcessor;
import io.embedlake.image.Pixels;
import io.embedlake.image.ProbeImages;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.Spans;
import io.embedlake.spi.TokenCounter;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * Decodes images and prepares them for a network. Immutable and thread-safe.
 *
 * @param limits what a file may hold
 * @param processor what is done with its pixels
 * @param positions how many positions of the network a prepared image takes
 * @param before how many of them stand before its patches
 * @param ofPatches whether each patch has its own vector
 */
record ImageReader(
        ImageLimits limits, ImageProcessor processor, ToIntFunction<Pixels> positions, int before, boolean ofPatches)
        implements TokenCounter {

    /**
     * An image that a network can take. Immutable by convention.
     *
     * @param pixels its pixels, resized and cropped
     * @param tokens its positions in the network
     * @param spans the numbers of its patches in the order of rows; empty when it has one vector
     */
    record Prepared(Pixels pixels, int tokens, Optional<Spans> spans) implements EncodedInput {}

    /** {@inheritDoc} The whole file is decoded: one that is cut off or damaged is found out. Limits are not for probe images. */
    @Override
    public Prepared encode(Input input) {
        ImageLimits allowed = ProbeImages.ALL.contains(input) ? ImageLimits.DEFAULT : limits;
        Pixels pixels = processor.prepare(ImageDecoder.decode(input.image(), allowed));
        int tokens = positions.applyAsInt(pixels);
        if (tokens <= before) {
            throw new EmbedlakeException(
                    ErrorKind.INVALID_INPUT,
                    "it has " + pixels.width() + " x " + pixels.height()
                            + " pixels when it is prepared, and that is less than one patch of the model");
        }
        return new Prepared(pixels, tokens, ofPatches ? Optional.of(patches(tokens - before)) : Optional.empty());
    }

    private static Spans patches(int count) {
        return new Spans(
                IntStream.range(0, count).toArray(),
                IntStream.rangeClosed(1, count).toArray());
    }
}
