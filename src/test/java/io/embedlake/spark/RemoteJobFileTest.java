package io.embedlake.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteJobFileTest {
    @TempDir
    private Path folder;

    @Test
    void pathWithASchemeIsReadByItsFileSystemAndAnyOtherIsLeftAlone() throws Exception {
        Path file = Files.writeString(folder.resolve("job.yaml"), "job: reviews\n");
        assertEquals(
                Optional.of("job: reviews\n"), RemoteJobFile.text(file.toUri().toString(), Configuration::new));
        assertEquals(Optional.empty(), RemoteJobFile.text(file.toString(), Configuration::new));
        assertEquals(Optional.empty(), RemoteJobFile.text("jobs/reviews.yaml", Configuration::new));
    }

    @Test
    void missingFilesAndFileSystemsAreOneSentence() {
        String missing = folder.resolve("missing.yaml").toUri().toString();
        refuses(missing, "no such file");
        refuses("lake://bucket/job.yaml", "No FileSystem for scheme \"lake\"");
    }

    private static void refuses(String path, String rule) {
        EmbedlakeException failure =
                assertThrows(EmbedlakeException.class, () -> RemoteJobFile.text(path, Configuration::new));
        assertEquals(ErrorKind.CONFIGURATION, failure.kind());
        assertEquals(
                "Cannot read the job file: " + path + " (" + rule + "). Name a job file that Spark may read.",
                failure.getMessage());
    }
}
