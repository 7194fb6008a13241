package io.embedlake.cli.bench;

import io.embedlake.spark.sql.ImageFolder;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The image files of a folder on this machine. Stateless. */
public final class ImageFiles {
    private static final Pattern NAMES = Pattern.compile(ImageFolder.NAMES);

    private ImageFiles() {}

    /**
     * The files in a folder and below it that jobs with {@code source.format: images} take for images, in the order of their paths. A file is
     * read each time that its image is asked for.
     *
     * @param most how many there are at most
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the folder cannot be read
     */
    public static List<Input> in(Path folder, int most) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Input> images = new ArrayList<>();
            for (Path file :
                    files.filter(ImageFiles::isImage).sorted().limit(most).toList()) {
                images.add(new OnDisk(file, Files.size(file)));
            }
            return images;
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read the images in " + folder
                            + " (it is not there, or no folder that can be read). Set --images to a folder.",
                    e);
        }
    }

    private static boolean isImage(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return !name.startsWith(".")
                && !name.startsWith("_")
                && NAMES.matcher(name).find()
                && Files.isRegularFile(file);
    }

    /** An image in a file that is read late, so that a folder may hold more than the memory. */
    private record OnDisk(Path file, long size) implements Input.Image {
        @Override
        public byte[] image() {
            try {
                return Files.readAllBytes(file);
            } catch (IOException e) {
                throw new EmbedlakeException(ErrorKind.INVALID_INPUT, "the image's file cannot be read", e);
            }
        }

        @Override
        public String toString() {
            return "an image of " + size + " bytes";
        }
    }
}
