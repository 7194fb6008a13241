package io.embedlake.remote.batch;

import io.embedlake.remote.format.json.Json;
import io.embedlake.remote.format.json.WrongAnswer;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A journal in a file: a JSON object a line, such as {@code {"step":"SUBMITTED","marker":"embedlake-...","reference":"batch_..."}}; the
 * step UPLOADED has {@code texts}. A line is on the disk before {@link #append} returns. A last line without its end is of a process that
 * died while it wrote; it is cut off. Confined to one thread; closed by whoever opened it, and nobody else opens it until then.
 */
final class FileJournal implements BatchJournal, AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final List<JournalEntry> entries;

    /** A line; components that it lacks are null. */
    private record Line(JournalEntry.Step step, String marker, String reference, List<SentText> texts) {
        JournalEntry entry() {
            return new JournalEntry(
                    step,
                    marker,
                    Objects.requireNonNullElse(reference, ""),
                    Objects.requireNonNullElse(texts, List.of()));
        }
    }

    private FileJournal(Path file, FileChannel channel, List<JournalEntry> entries) {
        this.file = file;
        this.channel = channel;
        this.entries = entries;
    }

    /** Opens a journal, or begins one. */
    static FileJournal open(Path file) {
        try {
            boolean isNew = Files.notExists(file);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                requireLock(file, channel);
                if (isNew) {
                    force(file.toAbsolutePath().getParent());
                }
                return new FileJournal(file, channel, read(file, channel));
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw failed("open", file, e);
        }
    }

    @Override
    public void append(JournalEntry entry) {
        byte[] line = (Json.write(new Line(entry.step(), entry.marker(), entry.reference(), entry.texts())) + "\n")
                .getBytes(StandardCharsets.UTF_8);
        try {
            ByteBuffer bytes = ByteBuffer.wrap(line);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            throw failed("write", file, e);
        }
        entries.add(entry);
    }

    @Override
    public List<JournalEntry> entries() {
        return List.copyOf(entries);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed("close", file, e);
        }
    }

    private static void requireLock(Path file, FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot open the journal of batches: " + file
                            + " (another run uses it). Wait for its end, or name another file.");
        }
    }

    /** The name of a new file is on the disk when its folder is. */
    private static void force(Path folder) throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static List<JournalEntry> read(Path file, FileChannel channel) throws IOException {
        List<JournalEntry> entries = new ArrayList<>();
        byte[] bytes = Files.readAllBytes(file);
        int from = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                entries.add(entry(file, entries.size() + 1, Arrays.copyOfRange(bytes, from, at)));
                from = at + 1;
            }
        }
        channel.truncate(from);
        channel.position(from);
        return entries;
    }

    private static JournalEntry entry(Path file, int number, byte[] line) {
        try {
            return Json.read(line, Line.class).entry();
        } catch (WrongAnswer | NullPointerException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot read the journal of batches: line " + number + " of " + file
                            + " (it is no entry). Repair that line: without the journal batches that are under way are"
                            + " paid for and lost.",
                    e);
        }
    }

    private static EmbedlakeException failed(String verb, Path file, IOException e) {
        return new EmbedlakeException(
                ErrorKind.STORAGE,
                "Cannot " + verb + " the journal of batches: " + file + " ("
                        + e.getClass().getSimpleName() + "). Check the path, its rights and the space on its disk.",
                e);
    }
}
