package io.embedlake.spark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.execution.streaming.checkpointing.CheckpointFileManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectFileManagerTest {
    private static final Path CHECKSUM = new Path("object://bucket/table/_delta_log/0.crc");

    private Configuration configuration;
    private ObjectFiles files;

    @BeforeEach
    void open() throws IOException {
        configuration = new Configuration();
        configuration.setClass("fs.object.impl", ObjectFiles.class, FileSystem.class);
        configuration.set(ObjectFileManager.SETTING, ObjectFileManager.class.getName());
        files = (ObjectFiles) CHECKSUM.getFileSystem(configuration);
    }

    @AfterEach
    void close() throws IOException {
        files.close();
    }

    private CheckpointFileManager.CancellableFSDataOutputStream create(Path path, boolean overwrite) {
        return CheckpointFileManager.create(path.getParent(), configuration).createAtomic(path, overwrite);
    }

    private void write(Path path, String content, boolean overwrite) throws IOException {
        try (CheckpointFileManager.CancellableFSDataOutputStream out = create(path, overwrite)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
    }

    private String content() {
        return new String(files.objects().get("0.crc"), StandardCharsets.UTF_8);
    }

    @Test
    void anObjectIsThereOnceItIsWhole() throws IOException {
        try (CheckpointFileManager.CancellableFSDataOutputStream out = create(CHECKSUM, false)) {
            out.write('1');
            assertEquals(Map.of(), files.objects());
        }
        assertEquals("1", content());
    }

    @Test
    void anObjectIsOnlyReplacedWhereThatIsAskedFor() throws IOException {
        write(CHECKSUM, "1", false);
        assertThrows(IOException.class, () -> write(CHECKSUM, "2", false));
        assertEquals("1", content());
        write(CHECKSUM, "3", true);
        assertEquals("3", content());
    }

    @Test
    void whatIsCancelledNeverAppears() throws IOException {
        try (CheckpointFileManager.CancellableFSDataOutputStream out = create(CHECKSUM, false)) {
            out.write('1');
            out.cancel();
        }
        assertEquals(Map.of(), files.objects());
    }

    @Test
    void otherFilesGetTheirNameWhenTheyAreWhole(@TempDir java.nio.file.Path folder) throws IOException {
        Path local = new Path(folder.resolve("0.crc").toUri());
        write(local, "1", false);
        assertEquals("1", Files.readString(folder.resolve("0.crc")));
        assertThrows(FileAlreadyExistsException.class, () -> write(local, "2", false));
        write(local, "3", true);
        assertEquals("3", Files.readString(folder.resolve("0.crc")));
    }
}
