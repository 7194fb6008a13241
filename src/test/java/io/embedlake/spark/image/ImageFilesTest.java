package io.embedlake.spark.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.retry.Retries;
import io.embedlake.retry.RetryRule;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Sha256;
import io.embedlake.testing.Serial;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFilesTest {
    private static final byte[] CONTENT = {1, 2, 3, 4};
    private static final int ATTEMPTS = 4;

    @TempDir
    private Path folder;

    private final List<Duration> waits = new ArrayList<>();

    /** The file system {@code flaky:}, whose next reads fail. */
    public static final class Flaky extends RawLocalFileSystem {
        static final AtomicInteger FAILURES = new AtomicInteger();

        @Override
        public URI getUri() {
            return URI.create("flaky:///");
        }

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path path, int buffer) throws IOException {
            if (FAILURES.getAndDecrement() > 0) {
                throw new IOException("the line is down");
            }
            return super.open(path, buffer);
        }
    }

    @BeforeEach
    void noFailures() {
        Flaky.FAILURES.set(0);
    }

    private Retries retries() {
        RetryRule rule = new RetryRule(ATTEMPTS, Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(5));
        return new Retries(rule, waits::add, new Random(1));
    }

    private static ImageFiles files(long maxBytes) {
        Configuration configuration = new Configuration();
        configuration.setClass("fs.flaky.impl", Flaky.class, org.apache.hadoop.fs.FileSystem.class);
        configuration.setBoolean("fs.flaky.impl.disable.cache", true);
        return Serial.roundTrip(new ImageFiles(new SerializableConfiguration(configuration), maxBytes));
    }

    private String file() throws IOException {
        Path file = folder.resolve("an image.png");
        Files.write(file, CONTENT);
        return "flaky:" + file.toUri().getPath();
    }

    private EmbedlakeException refused(ImageFiles files, String path) {
        return assertThrows(EmbedlakeException.class, () -> files.content(path, retries()));
    }

    @Test
    void aReadThatFailsIsTriedAgain() throws IOException {
        String path = file();
        Flaky.FAILURES.set(ATTEMPTS - 1);

        assertArrayEquals(CONTENT, files(100).content(path, retries()));

        assertEquals(ATTEMPTS - 1, waits.size());
    }

    @Test
    void aReadThatFailsAlwaysIsGivenUpWithItsReasonAndWithoutThePath() throws IOException {
        String path = file();
        Flaky.FAILURES.set(Integer.MAX_VALUE);

        EmbedlakeException failure = refused(files(100), path);

        assertEquals(ErrorKind.TRANSIENT, failure.kind());
        assertEquals("the image's file could not be read in 4 attempts (IOException)", failure.getMessage());
        assertFalse(failure.getMessage().contains("image.png"));
    }

    @Test
    void whatCanNeverBeReadIsNotTriedAgain() throws IOException {
        String path = file();
        EmbedlakeException missing = refused(files(100), path.replace(".png", ".jpg"));
        assertEquals(ErrorKind.INVALID_INPUT, missing.kind());
        assertEquals("the image's file does not exist", missing.getMessage());
        assertEquals(
                ErrorKind.INVALID_INPUT, refused(files(100), folder.toString()).kind());
        assertEquals(
                ErrorKind.INVALID_INPUT,
                refused(files(100), "nosuch://bucket/a.png").kind());
        assertEquals(ErrorKind.INVALID_INPUT, refused(files(100), ":::").kind());
        EmbedlakeException large = refused(files(CONTENT.length - 1), path);
        assertEquals(ErrorKind.INVALID_INPUT, large.kind());
        assertTrue(large.getMessage().contains("images.max-bytes"), large.getMessage());
        assertEquals(List.of(), waits);
    }

    @Test
    void aFileIsKnownByItsContentAndOneThatCannotBeReadByItsPath() throws IOException {
        String path = file();
        ImageFiles files = files(100);

        assertEquals(new FileDigest(Sha256.hex(CONTENT), CONTENT.length), FileDigest.of(files, path));

        FileDigest missing = FileDigest.of(files, path + ".no");
        assertEquals(0, missing.size());
        assertEquals(missing, FileDigest.of(files, path + ".no"));
        assertNotEquals(missing, FileDigest.of(files, path + ".neither"));
    }

    @Test
    void aFileThatHasChangedSinceItWasHashedIsNotEmbedded() throws IOException {
        String path = file();
        ImageFiles files = files(100);
        FileDigest before = FileDigest.of(files, path);
        assertArrayEquals(
                CONTENT, FileImage.of(files, path, before.hash(), before.size()).image());

        Files.write(folder.resolve("an image.png"), new byte[] {9});
        FileImage changed = FileImage.of(files, path, before.hash(), before.size());

        assertEquals(
                ErrorKind.TRANSIENT,
                assertThrows(EmbedlakeException.class, changed::image).kind());
        assertEquals("an image of 4 bytes", changed.toString());
    }
}
