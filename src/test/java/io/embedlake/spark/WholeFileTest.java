package io.embedlake.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileNotFoundException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    java.nio.file.Path folder;

    @Test
    void readsAFileAndFailsAsOpenDoes() throws Exception {
        java.nio.file.Path file = Files.writeString(folder.resolve("a"), "content");
        FileSystem files = FileSystem.getLocal(new Configuration());
        FileStatus status = files.getFileStatus(new Path(file.toUri()));
        try (InputStream in = WholeFile.open(files, status)) {
            assertEquals("content", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        Files.delete(file);
        assertThrows(FileNotFoundException.class, () -> WholeFile.open(files, status));
    }
}
