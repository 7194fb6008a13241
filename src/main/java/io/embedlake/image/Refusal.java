package io.embedlake.image;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;

/** The reasons for which a file is not decoded, as sentences. They quote nothing of the file. */
final class Refusal {
    private Refusal() {}

    static EmbedlakeException of(String reason) {
        return of(reason, null);
    }

    static EmbedlakeException of(String reason, Throwable cause) {
        return new EmbedlakeException(ErrorKind.INVALID_INPUT, "Cannot read the image: " + reason + ".", cause);
    }

    static EmbedlakeException cutOff(String format) {
        return of("it is cut off (the " + format + " file ends before its last pixel)");
    }

    static EmbedlakeException damaged(String format, Throwable cause) {
        return of("it is damaged (its data break the rules of " + format + ")", cause);
    }

    static EmbedlakeException unsupported(String what) {
        return of("it is " + what + " (which is not supported)");
    }

    /** Of an image whose longer edge would grow out of all bounds. */
    static EmbedlakeException tooExtreme(long width, long height) {
        return of("its shape is too extreme (resized, it would pass through " + width + " x " + height + " pixels)");
    }
}
