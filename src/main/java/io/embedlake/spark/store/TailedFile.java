package io.embedlake.spark.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.ParquetFileRange;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A Parquet file whose end is read once: footer and indexes of pages stand there, which are read piece by piece, a request each in an
 * object store. Immutable.
 *
 * @param file the file itself
 * @param tailBytes how much of its end is kept while a stream is open
 */
record TailedFile(InputFile file, int tailBytes) implements InputFile {
    /** Enough for the indexes of some hundred pages. */
    static final int TAIL_BYTES = 128 << 10;

    TailedFile(InputFile file) {
        this(file, TAIL_BYTES);
    }

    @Override
    public long getLength() throws IOException {
        return file.getLength();
    }

    @Override
    public SeekableInputStream newStream() throws IOException {
        return new Stream(new Bytes(file.newStream(), file.getLength(), tailBytes));
    }

    /** The bytes of the file. Confined to one thread. */
    private static final class Bytes extends InputStream {
        private final SeekableInputStream file;
        private final long tailStart;
        private final byte[] tail;
        private boolean hasTail;
        private long position;

        Bytes(SeekableInputStream file, long length, int tailBytes) {
            this.file = file;
            this.tail = new byte[(int) Math.min(length, tailBytes)];
            this.tailStart = length - tail.length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read;
            if (length == 0) {
                read = 0;
            } else if (position >= tailStart) {
                read = ofTail(into, offset, length);
            } else {
                file.seek(position);
                read = file.read(into, offset, (int) Math.min(length, tailStart - position));
            }
            position += Math.max(0, read);
            return read;
        }

        private int ofTail(byte[] into, int offset, int length) throws IOException {
            if (!hasTail) {
                file.seek(tailStart);
                file.readFully(tail);
                hasTail = true;
            }
            int from = (int) (position - tailStart);
            if (from >= tail.length) {
                return -1;
            }
            int read = Math.min(length, tail.length - from);
            System.arraycopy(tail, from, into, offset, read);
            return read;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    /** The same as Parquet reads it. Confined to one thread. */
    private static final class Stream extends DelegatingSeekableInputStream {
        private final Bytes bytes;

        Stream(Bytes bytes) {
            super(bytes);
            this.bytes = bytes;
        }

        @Override
        public long getPos() {
            return bytes.position;
        }

        @Override
        public void seek(long position) {
            bytes.position = position;
        }

        /** A short file is in memory as a whole. */
        @Override
        public boolean readVectoredAvailable(ByteBufferAllocator allocator) {
            return bytes.tailStart > 0 && bytes.file.readVectoredAvailable(allocator);
        }

        /** Pages, few of which stand at the end. */
        @Override
        public void readVectored(List<ParquetFileRange> ranges, ByteBufferAllocator allocator) throws IOException {
            bytes.file.readVectored(ranges, allocator);
        }
    }
}
