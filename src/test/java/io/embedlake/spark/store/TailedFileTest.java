package io.embedlake.spark.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.testing.Property;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.junit.jupiter.api.Test;

class TailedFileTest {
    /** A file in memory that remembers what was read of it. */
    private static final class Counted implements InputFile {
        private final byte[] content;
        private final List<String> reads = new ArrayList<>();

        Counted(byte[] content) {
            this.content = content;
        }

        @Override
        public long getLength() {
            return content.length;
        }

        @Override
        public SeekableInputStream newStream() {
            Seekable bytes = new Seekable(content);
            return new DelegatingSeekableInputStream(bytes) {
                @Override
                public long getPos() {
                    return bytes.position();
                }

                @Override
                public void seek(long position) {
                    bytes.seek(position);
                }

                @Override
                public void readFully(byte[] into) throws IOException {
                    reads.add(getPos() + "+" + into.length);
                    super.readFully(into);
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    reads.add(getPos() + "+" + length);
                    return super.read(into, offset, length);
                }
            };
        }
    }

    private static final class Seekable extends ByteArrayInputStream {
        Seekable(byte[] content) {
            super(content);
        }

        long position() {
            return pos;
        }

        void seek(long position) {
            pos = (int) position;
        }
    }

    private static byte[] content(Random random, int length) {
        byte[] content = new byte[length];
        random.nextBytes(content);
        return content;
    }

    @Test
    void hasTheBytesOfTheFile() {
        Property.holds(300, random -> {
            byte[] content = content(random, 1 + random.nextInt(200));
            TailedFile file = new TailedFile(new Counted(content), random.nextInt(250));
            try (SeekableInputStream in = file.newStream()) {
                assertEquals(content.length, file.getLength());
                for (int i = 0; i < 20; i++) {
                    int from = random.nextInt(content.length);
                    int length = random.nextInt(content.length - from + 1);
                    in.seek(from);
                    byte[] expected = Arrays.copyOfRange(content, from, from + length);
                    if (random.nextBoolean()) {
                        byte[] read = new byte[length];
                        in.readFully(read);
                        assertArrayEquals(expected, read);
                    } else {
                        ByteBuffer read = ByteBuffer.allocate(length);
                        in.readFully(read);
                        assertArrayEquals(expected, read.array());
                    }
                    assertEquals(from + length, in.getPos());
                    int next = in.read();
                    assertEquals(from + length == content.length ? -1 : content[from + length] & 0xFF, next);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void readsTheEndOnceAndOnlyWhenItIsAskedFor() throws IOException {
        Counted counted = new Counted(content(new Random(1), 1000));
        try (SeekableInputStream in = new TailedFile(counted, 100).newStream()) {
            in.seek(10);
            in.readFully(new byte[20]);
            assertEquals(List.of("10+20"), counted.reads);
            for (int from : new int[] {992, 950, 900, 999}) {
                in.seek(from);
                in.readFully(new byte[1]);
            }
            assertEquals(List.of("10+20", "900+100"), counted.reads);
        }
    }

    @Test
    void failsBehindTheEnd() throws IOException {
        try (SeekableInputStream in = new TailedFile(new Counted(new byte[10]), 4).newStream()) {
            in.seek(8);
            assertThrows(EOFException.class, () -> in.readFully(new byte[3]));
        }
    }
}
