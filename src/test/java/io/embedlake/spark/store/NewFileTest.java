package io.embedlake.spark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.testing.Race;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewFileTest {
    private static final int WRITERS = 4;

    @TempDir
    java.nio.file.Path folder;

    private static byte[] content(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void ofSeveralWritersOnTheLocalDiskOneMakesAFile() throws Exception {
        FileSystem files = FileSystem.getLocal(new Configuration(false)).getRawFileSystem();
        for (int round = 0; round < 50; round++) {
            java.nio.file.Path file = folder.resolve("claims/" + round);
            List<Boolean> made = Race.of(
                    WRITERS,
                    writer -> () -> NewFile.make(files, new Path(file.toString()), content("writer " + writer)));
            assertEquals(1, Collections.frequency(made, true));
            assertEquals("writer " + made.indexOf(true), Files.readString(file));
        }
    }

    /** Hadoop's checked files are none of those that know conditions or are made here. */
    @Test
    void elsewhereAFileThatIsThereStays() throws IOException {
        FileSystem files = FileSystem.getLocal(new Configuration(false));
        Path file = new Path(folder.resolve("claim").toString());
        assertTrue(NewFile.make(files, file, content("one")));
        assertFalse(NewFile.make(files, file, content("other")));
        assertEquals("one", Files.readString(folder.resolve("claim")));
    }
}
