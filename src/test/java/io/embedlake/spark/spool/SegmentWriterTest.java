package io.embedlake.spark.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentWriterTest {
    @TempDir
    private java.nio.file.Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private FileSystem local;

    @BeforeEach
    void open() throws IOException {
        local = FileSystem.getLocal(new Configuration()).getRawFileSystem();
    }

    /** Four files a second were written once. */
    @Test
    void aMinuteOfAnswersIsOneFileInWhichAllButAQuarterOfASecondCanBeReadMeanwhile() throws IOException {
        SegmentWriter writer = writer(local);
        for (int tenth = 0; tenth < 600; tenth++) {
            writer.keep(text(tenth, 16));
            nanos.addAndGet(Duration.ofMillis(100).toNanos());
            writer.writeIfDue();
            assertTrue(read().size() >= tenth - 2, () -> "only " + read().size());
        }
        assertEquals(1, files().size());
        writer.close();
        assertEquals(600, read().size());
    }

    @Test
    void whatWaitsIsWrittenInTimeThoughNoOtherTextComes() {
        SegmentWriter writer = writer(local);
        writer.keep(text(0, 16));
        assertEquals(List.of(), read());
        nanos.addAndGet(SegmentWriter.SOON.toNanos());
        writer.writeIfDue();
        assertEquals(1, read().size());
        writer.close();
    }

    @Test
    void aFileEndsAt64MebibytesSoThatItIsReadWhole() throws IOException {
        SegmentWriter writer = writer(local);
        for (int i = 0; i < 70; i++) {
            writer.keep(text(i, 1 << 18));
        }
        writer.close();
        assertEquals(2, files().size());
        assertEquals(70, read().size());
        assertEquals(bytes(), written.get());
    }

    @Test
    void anObjectStoreGetsAnObjectInTenSeconds() throws IOException {
        SegmentWriter writer = writer(new ObjectStore(local));
        for (int tenth = 0; tenth < 600; tenth++) {
            writer.keep(text(tenth, 16));
            nanos.addAndGet(Duration.ofMillis(100).toNanos());
            writer.writeIfDue();
        }
        writer.close();
        assertEquals(6, files().size());
        assertEquals(600, read().size());
    }

    @Test
    void aTaskWithoutTextsMakesNoFile() throws IOException {
        SegmentWriter writer = writer(local);
        writer.writeIfDue();
        writer.close();
        assertEquals(List.of(), files());
    }

    @Test
    void whatCouldNotBeWrittenIsSaidAndWrittenToAnotherFileWhenThereIsRoom() {
        FullDisk disk = new FullDisk(local);
        SegmentWriter writer = writer(disk);
        writer.keep(text(0, 16));
        writer.flush();
        disk.isFull = true;
        writer.keep(text(1, 16));
        EmbedlakeException failure = assertThrows(EmbedlakeException.class, writer::flush);
        assertEquals(ErrorKind.STORAGE, failure.kind());
        assertTrue(failure.getMessage().contains("No space left on device"), failure.getMessage());
        disk.isFull = false;
        writer.close();
        assertEquals(List.of("0", "1"), read());
    }

    private long bytes() throws IOException {
        long bytes = 0;
        for (java.nio.file.Path file : files()) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    private SegmentWriter writer(FileSystem files) {
        return new SegmentWriter(files, new Path(folder.toString(), "attempt"), nanos::get, written::addAndGet);
    }

    private static PaidText text(int number, int dimension) {
        return new PaidText(Integer.toString(number), new float[dimension], 1, false);
    }

    private List<String> read() {
        List<String> hashes = new ArrayList<>();
        for (java.nio.file.Path file : files()) {
            try {
                Segment.read(Files.readAllBytes(file)).forEach(text -> hashes.add(text.hash()));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return hashes;
    }

    private List<java.nio.file.Path> files() {
        try (Stream<java.nio.file.Path> all = Files.list(folder)) {
            return all.sorted().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Shows nothing of a file before it is closed. */
    private static final class ObjectStore extends FilterFileSystem {
        ObjectStore(FileSystem files) {
            super(files);
        }

        @Override
        public FSDataOutputStream create(
                Path path,
                FsPermission permission,
                boolean overwrite,
                int buffer,
                short replication,
                long blockSize,
                Progressable progress)
                throws IOException {
            OutputStream out = super.create(path, permission, overwrite, buffer, replication, blockSize, progress);
            return new FSDataOutputStream(
                    new OutputStream() {
                        @Override
                        public void write(int one) throws IOException {
                            out.write(one);
                        }

                        @Override
                        public void write(byte[] bytes, int from, int length) throws IOException {
                            out.write(bytes, from, length);
                        }

                        @Override
                        public void close() throws IOException {
                            out.close();
                        }
                    },
                    null);
        }
    }

    /** Takes half of what is written when it is full. */
    private static final class FullDisk extends FilterFileSystem {
        private boolean isFull;

        FullDisk(FileSystem files) {
            super(files);
        }

        @Override
        public FSDataOutputStream create(
                Path path,
                FsPermission permission,
                boolean overwrite,
                int buffer,
                short replication,
                long blockSize,
                Progressable progress)
                throws IOException {
            OutputStream out = super.create(path, permission, overwrite, buffer, replication, blockSize, progress);
            return new FSDataOutputStream(
                    new OutputStream() {
                        @Override
                        public void write(int one) throws IOException {
                            write(new byte[] {(byte) one}, 0, 1);
                        }

                        @Override
                        public void write(byte[] bytes, int from, int length) throws IOException {
                            if (isFull) {
                                out.write(bytes, from, length / 2);
                                throw new IOException("No space left on device");
                            }
                            out.write(bytes, from, length);
                        }

                        @Override
                        public void close() throws IOException {
                            out.close();
                        }
                    },
                    null);
        }
    }
}
