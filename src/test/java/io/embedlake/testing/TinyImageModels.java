package io.embedlake.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tiny models of images with random weights, and files of images. Stateless. */
public final class TinyImageModels {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private TinyImageModels() {}

    /**
     * Makes the folder of a model as hubs have it: a checkpoint with its image processor.
     *
     * @param parent an existing folder, in which the model's folder has the name of the checkpoint
     * @param checkpoint {@code vit}, with vectors of 36 numbers, {@code clip} or another one of the test resources
     */
    public static Path make(Path parent, String checkpoint) {
        Path folder = parent.resolve(checkpoint);
        Path source = GOLDEN.resolve("tiny").resolve(checkpoint);
        try (var files = Files.list(source)) {
            Files.createDirectory(folder);
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
            String processor = "preprocessor_config.json";
            Files.copy(
                    GOLDEN.resolve("images/processors").resolve(checkpoint).resolve(processor),
                    folder.resolve(processor));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    /** The path of a file that is to be decoded or refused, such as {@code rgb.png}. */
    public static Path file(String name) {
        return GOLDEN.resolve("images/files").resolve(name).toAbsolutePath();
    }
}
