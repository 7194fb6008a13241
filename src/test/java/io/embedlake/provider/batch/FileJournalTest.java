package io.embedlake.provider.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest {
    private static final JournalEntry UPLOADED = JournalEntry.uploaded("m-1", "file-1", List.of("a", "b"));
    private static final JournalEntry SUBMITTED = JournalEntry.submitted("m-1", "batch-1");
    private static final JournalEntry FINISHED = JournalEntry.finished("m-1");

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("journal.jsonl");
    }

    private void write(JournalEntry... entries) {
        try (FileJournal journal = FileJournal.open(file)) {
            List.of(entries).forEach(journal::append);
        }
    }

    private List<JournalEntry> read() {
        try (FileJournal journal = FileJournal.open(file)) {
            return journal.entries();
        }
    }

    @Test
    void remembersItsEntriesInOrder() {
        write(UPLOADED, SUBMITTED);
        write(FINISHED);

        assertEquals(List.of(UPLOADED, SUBMITTED, FINISHED), read());
    }

    @Test
    void isALineOfJsonAnEntry() throws IOException {
        write(UPLOADED, FINISHED);

        assertEquals(
                List.of(
                        "{\"step\":\"UPLOADED\",\"marker\":\"m-1\",\"reference\":\"file-1\",\"ids\":[\"a\",\"b\"]}",
                        "{\"step\":\"FINISHED\",\"marker\":\"m-1\"}"),
                Files.readAllLines(file));
    }

    @Test
    void cutsOffALineThatWasNotWrittenToItsEnd() throws IOException {
        write(UPLOADED);
        Files.writeString(file, "{\"step\":\"SUBMITTED\",\"mar", StandardOpenOption.APPEND);

        write(SUBMITTED);

        assertEquals(List.of(UPLOADED, SUBMITTED), read());
    }

    @Test
    void refusesALineThatIsNoEntry() throws IOException {
        write(UPLOADED);
        Files.writeString(file, "{\"step\":\"SUBMITTED\"}\n", StandardOpenOption.APPEND);

        EmbedlakeException refused = assertThrows(EmbedlakeException.class, this::read);

        assertEquals(ErrorKind.STORAGE, refused.kind());
        assertEquals(
                "Cannot read the journal of batches: line 2 of " + file
                        + " (it is no entry). Repair that line: without the journal batches that are under way are paid"
                        + " for and lost.",
                refused.getMessage());
    }

    @Test
    void isUsedByOneRunAtATime() {
        try (FileJournal journal = FileJournal.open(file)) {
            EmbedlakeException refused = assertThrows(EmbedlakeException.class, () -> FileJournal.open(file));

            assertEquals(ErrorKind.STORAGE, refused.kind());
            assertEquals(
                    "Cannot open the journal of batches: " + file
                            + " (another run uses it). Wait for its end, or name another file.",
                    refused.getMessage());
            assertEquals(List.of(), journal.entries());
        }
    }
}
