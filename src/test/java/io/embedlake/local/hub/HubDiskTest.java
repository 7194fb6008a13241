package io.embedlake.local.hub;

import static io.embedlake.local.hub.HubFixture.MODEL;
import static io.embedlake.local.hub.HubFixture.WEIGHTS;
import static io.embedlake.testing.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubDiskTest {
    @TempDir
    Path folder;

    private HubFixture fixture;
    private String commit;

    @BeforeEach
    void start() {
        fixture = new HubFixture(folder.resolve("hub"));
        commit = fixture.repository.commit(HubFixture.files());
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void aDiskThatIsFullEndsTheDownloadAtOnceAndItGoesOnLater() throws IOException {
        assertRefused(
                ErrorKind.STORAGE,
                "Cannot write the model org/small: " + fixture.cache
                        + " (No space left on device). Make room there, or set HF_HUB_CACHE to a folder that can be written;"
                        + " what has arrived is kept.",
                () -> fixture.hub(new FullDisk(150_000)).resolve(MODEL));
        assertEquals(1, fixture.server.downloads(WEIGHTS));
        assertEquals(Optional.empty(), fixture.hub().cached(MODEL));
        String etag = FakeRepository.etag(WEIGHTS, HubFixture.files().get(WEIGHTS));
        assertFalse(Files.exists(fixture.folder().blob(etag)));
        long kept = Files.size(fixture.folder().partial(etag));
        assertTrue(kept > 0 && kept <= 150_000);

        Snapshot snapshot = fixture.hub().resolve(MODEL);
        assertArrayEquals(
                HubFixture.files().get(WEIGHTS),
                Files.readAllBytes(snapshot.folder().resolve(WEIGHTS)));
        assertEquals(
                "bytes=" + kept + "-",
                fixture.server.calls("GET", WEIGHTS).get(3).header("Range"));
    }

    @Test
    void aCacheThatCannotBeWrittenIsAnErrorOfStorage() throws IOException {
        Files.writeString(fixture.cache, "a file, not a folder");
        EmbedlakeException failure =
                assertThrows(EmbedlakeException.class, () -> fixture.hub().resolve(MODEL));
        assertEquals(ErrorKind.STORAGE, failure.kind());
        assertTrue(failure.getMessage().contains("HF_HUB_CACHE"), failure.getMessage());
    }

    @Test
    void whereLinksCannotBeFilesAreCopied() throws IOException {
        Disk withoutLinks = new Disk() {
            @Override
            public void link(Path link, Path target) throws IOException {
                throw new FileSystemException(link.toString(), null, "Operation not permitted");
            }
        };
        Snapshot snapshot = fixture.hub(withoutLinks).resolve(MODEL);
        Path weights = snapshot.folder().resolve(WEIGHTS);
        assertFalse(Files.isSymbolicLink(weights));
        assertArrayEquals(HubFixture.files().get(WEIGHTS), Files.readAllBytes(weights));
        assertEquals(5, fixture.hub().verify(MODEL).intact().size());
        Files.write(weights, new byte[3]);
        assertEquals(List.of(weights), fixture.hub().verify(MODEL).unknown());
        assertEquals(commit, fixture.hub().cached(MODEL).orElseThrow().commit());
    }

    /** A disk with so much room. */
    private static final class FullDisk implements Disk {
        private long room;

        FullDisk(long room) {
            this.room = room;
        }

        @Override
        public OutputStream append(Path file) throws IOException {
            return new FilterOutputStream(Disk.super.append(file)) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    if (length > room) {
                        throw new IOException("No space left on device");
                    }
                    room -= length;
                    out.write(bytes, offset, length);
                }
            };
        }
    }
}
