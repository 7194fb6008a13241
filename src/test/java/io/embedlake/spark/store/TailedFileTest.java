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
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.ParquetFileRange;
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
                public boolean readVectoredAvailable(ByteBufferAllocator allocator) {
                    return true;
                }

                @Override
                public void readVectored(List<ParquetFileRange> ranges, ByteBufferAllocator allocator) {
                    for (ParquetFileRange range : ranges) {
                        reads.add(range.getOffset() + "+" + range.getLength());
                        range.setDataReadFuture(CompletableFuture.completedFuture(
                                ByteBuffer.wrap(content, (int) range.getOffset(), range.getLength())
                                        .slice()));
                    }
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
            in.readFully(new byte[200]);
            assertEquals(List.of("10+200"), counted.reads);
            for (int from : new int[] {992, 950, 900, 999}) {
                in.seek(from);
                in.readFully(new byte[1]);
            }
            assertEquals(List.of("10+200", "900+100"), counted.reads);
        }
    }

    @Test
    void readsSmallValuesInPieces() throws IOException {
        Counted counted = new Counted(content(new Random(1), 1000));
        try (SeekableInputStream in = new TailedFile(counted, 100).newStream()) {
            in.seek(730);
            for (int i = 0; i < 130; i++) {
                in.read();
            }
            in.seek(910);
            in.read();
            in.seek(850);
            in.readFully(new byte[60]);
            assertEquals(List.of("730+100", "830+70", "900+100"), counted.reads);
        }
    }

    @Test
    void readsRangesThatAreNearEachOtherAtOnce() {
        Property.holds(100, random -> {
            byte[] content = content(random, 500_000);
            Counted counted = new Counted(content);
            List<ParquetFileRange> ranges = new ArrayList<>();
            for (int from = random.nextInt(1000); from < 400_000; ) {
                int length = 1 + random.nextInt(20_000);
                ranges.add(new ParquetFileRange(from, length));
                from += length + (random.nextInt(4) == 0 ? 60_000 : random.nextInt(32 << 10));
            }
            long far = IntStream.range(1, ranges.size())
                    .filter(i -> ranges.get(i).getOffset()
                                    - ranges.get(i - 1).getOffset()
                                    - ranges.get(i - 1).getLength()
                            > 32 << 10)
                    .count();
            try (SeekableInputStream in = new TailedFile(counted, 100).newStream()) {
                in.readVectored(ranges, new HeapByteBufferAllocator());
                for (ParquetFileRange range : ranges) {
                    ByteBuffer read = range.getDataReadFuture().join();
                    byte[] bytes = new byte[read.remaining()];
                    read.get(bytes);
                    int from = (int) range.getOffset();
                    assertArrayEquals(Arrays.copyOfRange(content, from, from + range.getLength()), bytes);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            assertEquals(far + 1, counted.reads.size(), counted.reads::toString);
        });
    }

    @Test
    void failsBehindTheEnd() throws IOException {
        try (SeekableInputStream in = new TailedFile(new Counted(new byte[10]), 4).newStream()) {
            in.seek(8);
            assertThrows(EOFException.class, () -> in.readFully(new byte[3]));
        }
    }
}
