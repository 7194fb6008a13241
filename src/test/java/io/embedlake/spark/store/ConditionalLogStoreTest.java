package io.embedlake.spark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConditionalLogStoreTest {
    private static final Path FIRST = new Path("object://bucket/table/_delta_log/00000000000000000000.json");
    private static final Path SECOND = new Path("object://bucket/table/_delta_log/00000000000000000001.json");

    private Configuration configuration;
    private ObjectFiles files;
    private ConditionalLogStore log;

    @BeforeEach
    void open() throws IOException {
        configuration = new Configuration(false);
        configuration.setClass("fs.object.impl", ObjectFiles.class, FileSystem.class);
        files = (ObjectFiles) FIRST.getFileSystem(configuration);
        log = new ConditionalLogStore(configuration);
    }

    @AfterEach
    void close() throws IOException {
        files.close();
    }

    private void write(Path path, String... actions) throws IOException {
        log.write(path, List.of(actions).iterator(), false, configuration);
    }

    private String content(Path path) {
        return new String(files.objects().get(path.getName()), StandardCharsets.UTF_8);
    }

    @Test
    void theFirstWriterMakesAVersion() throws IOException {
        write(FIRST, "a", "b");
        assertEquals("a\nb\n", content(FIRST));
        assertThrows(FileAlreadyExistsException.class, () -> write(FIRST, "c"));
        assertEquals("a\nb\n", content(FIRST));
    }

    @Test
    void aWriterThatIsFasterByLittleWins() {
        files.anotherIsFaster("other\n".getBytes(StandardCharsets.UTF_8));
        assertThrows(FileAlreadyExistsException.class, () -> write(FIRST, "a"));
        assertEquals("other\n", content(FIRST));
    }

    @Test
    void aCommitWhoseAnswerWasLostIsDone() throws IOException {
        files.next(ObjectFiles.Fault.SENT_TWICE);
        write(FIRST, "a");
        assertEquals("a\n", content(FIRST));
    }

    @Test
    void aWriteThatNobodyHeardFailsAsItFailed() {
        files.next(ObjectFiles.Fault.UNHEARD);
        IOException failure = assertThrows(IOException.class, () -> write(FIRST, "a"));
        assertEquals("connection reset", failure.getMessage());
        assertEquals(0, files.objects().size());
    }

    @Test
    void aVersionIsNotWrittenOverWhereTheStoreKnowsNoConditions() throws IOException {
        files.forgetConditions();
        write(FIRST, "a");
        assertThrows(FileAlreadyExistsException.class, () -> write(FIRST, "b"));
        assertEquals("a\n", content(FIRST));
    }

    @Test
    void filesThatAreNoCommitsAreWrittenOver() throws IOException {
        Path last = new Path("object://bucket/table/_delta_log/_last_checkpoint");
        log.write(last, List.of("1").iterator(), true, configuration);
        log.write(last, List.of("2").iterator(), true, configuration);
        assertEquals("2\n", content(last));
        assertFalse(log.isPartialWriteVisible(last, configuration));
    }

    @Test
    void listsFromAVersionOnInOrder() throws IOException {
        assertThrows(FileNotFoundException.class, () -> log.listFrom(FIRST, configuration));
        write(FIRST, "a");
        write(SECOND, "b");
        assertEquals(List.of(FIRST.getName(), SECOND.getName()), names(log.listFrom(FIRST, configuration)));
        assertEquals(List.of(SECOND.getName()), names(log.listFrom(SECOND, configuration)));
        assertEquals("b", log.read(SECOND, configuration).next());
    }

    private static List<String> names(Iterator<FileStatus> files) {
        List<String> names = new ArrayList<>();
        files.forEachRemaining(file -> names.add(file.getPath().getName()));
        return names;
    }

    @Test
    void aFileSystemWithoutConditionsIsRefused(@org.junit.jupiter.api.io.TempDir java.nio.file.Path folder) {
        Path local = new Path(folder.toUri() + "0.json");
        IOException failure = assertThrows(IOException.class, () -> write(local, "a"));
        assertEquals(
                "this file system writes no file on the condition that there is none: set"
                        + " spark.delta.logStore.s3a.impl to io.delta.storage.S3SingleDriverLogStore",
                failure.getMessage());
    }
}
