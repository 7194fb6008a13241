package io.embedlake.remote.image;

import io.embedlake.image.ImageDecoder;
import io.embedlake.image.ImageHeader;
import io.embedlake.image.ImageLimits;
import io.embedlake.image.PngImage;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Which image files a provider takes, how a file stands in a body, and what it is charged for. A file of another format is sent as PNG; one
 * that is too large is not sent. Immutable.
 *
 * @param formats those that are sent unchanged
 * @param form how a file stands in a body
 * @param maxBytes the most bytes of a file as it is sent
 * @param maxPixels the most pixels
 * @param maxSide the most pixels of a row or a column
 * @param tokens what an image is charged for, by its size: tokens, or 1 where the price is that of an image
 */
public record ImageRules(
        Set<String> formats,
        Form form,
        long maxBytes,
        long maxPixels,
        int maxSide,
        ToLongFunction<ImageHeader> tokens) {
    private static final String PNG = "PNG";

    public ImageRules {
        formats = Set.copyOf(formats);
        Objects.requireNonNull(form);
        Objects.requireNonNull(tokens);
    }

    /** How a file stands in a body. */
    public enum Form {
        /** Base64. */
        BASE64,
        /** Base64 behind {@code data:image/png;base64,}. */
        DATA_URI
    }

    /** Files of these formats without a limit, each charged as one. */
    public static ImageRules of(Form form, String... formats) {
        return new ImageRules(
                Set.copyOf(List.of(formats)), form, Long.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, header -> 1);
    }

    /** With this limit of a file's bytes. */
    public ImageRules bytes(long most) {
        return new ImageRules(formats, form, most, maxPixels, maxSide, tokens);
    }

    /** With this limit of pixels. */
    public ImageRules pixels(long most) {
        return new ImageRules(formats, form, maxBytes, most, maxSide, tokens);
    }

    /** With this limit of the pixels of a row or a column. */
    public ImageRules side(int most) {
        return new ImageRules(formats, form, maxBytes, maxPixels, most, tokens);
    }

    /** With tokens by the size of an image. */
    public ImageRules tokens(ToLongFunction<ImageHeader> bySize) {
        return new ImageRules(formats, form, maxBytes, maxPixels, maxSide, bySize);
    }

    /**
     * What a file is charged for, at least 1.
     *
     * @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} when it is no image or too large
     */
    public long tokensOf(byte[] file) {
        return tokens(header(file));
    }

    /**
     * A file as it is sent.
     *
     * @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} when it is no image or too large
     */
    public SentImage sent(byte[] file) {
        ImageHeader header = header(file);
        boolean isKnown = formats.contains(header.format());
        byte[] sent = isKnown ? file : PngImage.of(ImageDecoder.decode(file, ImageLimits.DEFAULT));
        requireAtMost(sent.length, maxBytes, "bytes");
        String base64 = Base64.getEncoder().encodeToString(sent);
        String text = form == Form.BASE64
                ? base64
                : "data:image/" + (isKnown ? header.format() : PNG).toLowerCase(Locale.ROOT) + ";base64," + base64;
        return new SentImage(text, tokens(header));
    }

    private long tokens(ImageHeader header) {
        return Math.max(1, tokens.applyAsLong(header));
    }

    private ImageHeader header(byte[] file) {
        ImageHeader header = ImageDecoder.header(file, ImageLimits.DEFAULT);
        requireAtMost(header.pixels(), maxPixels, "pixels");
        requireAtMost(Math.max(header.width(), header.height()), maxSide, "pixels on its longer side");
        return header;
    }

    private static void requireAtMost(long has, long most, String what) {
        if (has > most) {
            throw new EmbedlakeException(
                    ErrorKind.INVALID_INPUT,
                    "the image has " + has + " " + what + " (the provider takes at most " + most + ")");
        }
    }
}
