package io.embedlake.provider.batch;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Writes texts to files within the limits of a batch, one file after the other; in memory are the ids of one. Confined to one thread. */
final class BatchFiles {
    private final BatchApi api;
    private final BatchLimits limits;
    private final Path folder;
    private final Iterator<BatchText> texts;
    private final Consumer<String> tooLarge;
    private Optional<BatchText> left = Optional.empty();

    /**
     * Files of texts.
     *
     * @param tooLarge is told the id of a text that is larger than any file may be
     */
    BatchFiles(BatchApi api, BatchLimits limits, Path folder, Iterator<BatchText> texts, Consumer<String> tooLarge) {
        this.api = api;
        this.limits = limits;
        this.folder = folder;
        this.texts = texts;
        this.tooLarge = tooLarge;
    }

    /** A file and the texts in it. */
    record BatchFile(Path path, List<String> ids) {}

    /** The next file; nothing where no text is left. */
    Optional<BatchFile> next() {
        if (left.isEmpty() && !texts.hasNext()) {
            return Optional.empty();
        }
        try {
            Path path = Files.createTempFile(folder, "batch", ".jsonl");
            List<String> ids = write(path);
            if (ids.isEmpty()) {
                Files.delete(path);
                return Optional.empty();
            }
            return Optional.of(new BatchFile(path, ids));
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot write the file of a batch: a file in " + folder + " ("
                            + e.getClass().getSimpleName() + "). Check the folder's rights and the space on its disk.",
                    e);
        }
    }

    private List<String> write(Path path) throws IOException {
        List<String> ids = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        long bytes = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 16)) {
            while (ids.size() < limits.texts() && (left.isPresent() || texts.hasNext())) {
                BatchText text = left.isPresent() ? left.get() : texts.next();
                left = Optional.empty();
                byte[] line = api.line(text);
                if (line.length > limits.bytes()) {
                    tooLarge.accept(text.id());
                    continue;
                }
                if (bytes + line.length > limits.bytes()) {
                    left = Optional.of(text);
                    break;
                }
                if (!seen.add(text.id())) {
                    throw new IllegalArgumentException("the id " + text.id() + " stands for two texts");
                }
                out.write(line);
                bytes += line.length;
                ids.add(text.id());
            }
        }
        return ids;
    }
}
