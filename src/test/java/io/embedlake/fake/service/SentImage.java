package io.embedlake.fake.service;

import io.embedlake.image.ImageDecoder;
import io.embedlake.image.ImageHeader;
import io.embedlake.image.ImageLimits;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.Sha256;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image of a call that can be decoded. Immutable.
 *
 * @param name stands for it among texts: the same for the same bytes
 * @param bytes how many the file has
 * @param header what the file says of itself
 */
public record SentImage(String name, int bytes, ImageHeader header) {
    private static final Pattern DATA_URI = Pattern.compile("data:image/([a-z0-9]+);base64,(.*)", Pattern.DOTALL);

    /** What stands for a file with these bytes among texts. */
    public static String nameOf(byte[] file) {
        return "image " + Sha256.hex(file);
    }

    /** An image in base64; nothing where it is something else, or its format is not among these. */
    public static Optional<SentImage> ofBase64(String base64, Set<String> formats) {
        byte[] file;
        try {
            file = Base64.getDecoder().decode(base64);
            ImageDecoder.decode(file, ImageLimits.DEFAULT);
        } catch (IllegalArgumentException | EmbedlakeException e) {
            return Optional.empty();
        }
        return Optional.of(new SentImage(nameOf(file), file.length, ImageDecoder.header(file, ImageLimits.DEFAULT)))
                .filter(image -> formats.contains(image.format()));
    }

    /** An image in a data URI that names its format rightly; nothing where it is something else. */
    public static Optional<SentImage> ofDataUri(String uri, Set<String> formats) {
        Matcher parts = DATA_URI.matcher(uri);
        return parts.matches()
                ? ofBase64(parts.group(2), formats)
                        .filter(image -> image.format().equals(parts.group(1)))
                : Optional.empty();
    }

    /** The name of its format in lower case, as in MIME types. */
    public String format() {
        return header.format().toLowerCase(Locale.ROOT);
    }
}
