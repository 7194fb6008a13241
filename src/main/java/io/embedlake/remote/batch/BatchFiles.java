package io.embedlake.remote.batch;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome.Refused;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Writes texts to files within the limits of a batch, one file after the other; in memory are the ids of one. Confined to one thread. */
final class BatchFiles {
    private final BatchApi api;
    private final BatchLimits limits;
    private final Path folder;
    private final Iterator<BatchText> texts;
    private final Map<String, Refused> refused = new TreeMap<>();
    private Optional<BatchText> left = Optional.empty();

    BatchFiles(BatchApi api, BatchLimits limits, Path folder, Iterator<BatchText> texts) {
        this.api = api;
        this.limits = limits;
        this.folder = folder;
        this.texts = texts;
    }

    /** A file and the texts in it, at least one. */
    record BatchFile(Path path, List<SentText> texts) {}

    /** Whether there may be texts that are in no file. */
    boolean hasMore() {
        return left.isPresent() || texts.hasNext();
    }

    /**
     * The next file; nothing where no text is left, or the next one has too many tokens.
     *
     * @param mostTokens how many tokens it may have at most, beside what batches may have
     */
    Optional<BatchFile> next(long mostTokens) {
        if (!hasMore()) {
            return Optional.empty();
        }
        try {
            Path path = Files.createTempFile(folder, "batch", ".jsonl");
            List<SentText> written = write(path, mostTokens);
            if (written.isEmpty()) {
                Files.delete(path);
                return Optional.empty();
            }
            return Optional.of(new BatchFile(path, written));
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot write the file of a batch: a file in " + folder + " ("
                            + e.getClass().getSimpleName() + "). Check the folder's rights and the space on its disk.",
                    e);
        }
    }

    /** The texts that were left out of files since the last call. */
    Map<String, Refused> refused() {
        Map<String, Refused> since = Map.copyOf(refused);
        refused.clear();
        return since;
    }

    private List<SentText> write(Path path, long mostTokens) throws IOException {
        List<SentText> written = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        long bytes = 0;
        long tokens = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 16)) {
            while (written.size() < limits.texts() && hasMore()) {
                BatchText text = left.isPresent() ? left.get() : texts.next();
                left = Optional.empty();
                byte[] line = api.line(text);
                String problem = problem(text, line.length);
                if (!problem.isEmpty()) {
                    refused.put(text.id(), new Refused(ErrorKind.INVALID_INPUT, problem));
                    continue;
                }
                tokens += text.tokens();
                bytes += line.length;
                boolean isFull = bytes > limits.bytes() || tokens > limits.tokens() && !written.isEmpty();
                if (isFull || tokens > mostTokens) {
                    left = Optional.of(text);
                    break;
                }
                if (!seen.add(text.id())) {
                    throw new IllegalArgumentException("the id " + text.id() + " stands for two texts");
                }
                out.write(line);
                written.add(text.sent());
            }
        }
        return written;
    }

    private String problem(BatchText text, int bytes) {
        return text.problem().isEmpty() && bytes > limits.bytes()
                ? "the text is larger than the file of a batch may be"
                : text.problem();
    }
}
