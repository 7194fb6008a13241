package io.embedlake.spark.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.ParquetFileRange;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A Parquet file that is read in pieces of some size: footer and indexes of pages stand at its end, which are read value by value, a request
 * each in an object store. The last piece is kept, and of the others the one that was read last. Immutable.
 *
 * @param file the file itself
 * @param pieceBytes how long a piece is; what is longer is read as it is asked for
 */
record TailedFile(InputFile file, int pieceBytes) implements InputFile {
    /** Enough for the indexes of some hundred pages. */
    static final int PIECE_BYTES = 128 << 10;

    TailedFile(InputFile file) {
        this(file, PIECE_BYTES);
    }

    @Override
    public long getLength() throws IOException {
        return file.getLength();
    }

    @Override
    public SeekableInputStream newStream() throws IOException {
        return new Stream(new Bytes(file.newStream(), file.getLength(), pieceBytes));
    }

    /** Bytes of the file that were read ahead of being asked for. Immutable. */
    private record Piece(long start, byte[] bytes) {
        boolean has(long position) {
            return position >= start && position < start + bytes.length;
        }
    }

    /** The bytes of the file. Confined to one thread. */
    private static final class Bytes extends InputStream {
        private final SeekableInputStream file;
        private final long length;
        private final long tailStart;
        private final int pieceBytes;
        private Piece tail = new Piece(0, new byte[0]);
        private Piece last = tail;
        private long position;

        Bytes(SeekableInputStream file, long length, int pieceBytes) {
            this.file = file;
            this.length = length;
            this.tailStart = Math.max(0, length - pieceBytes);
            this.pieceBytes = pieceBytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int count) throws IOException {
            int read;
            if (count == 0) {
                read = 0;
            } else if (position >= length) {
                read = -1;
            } else if (position < tailStart && !last.has(position) && count >= pieceBytes) {
                file.seek(position);
                read = file.read(into, offset, (int) Math.min(count, tailStart - position));
            } else {
                Piece piece = piece();
                int from = (int) (position - piece.start());
                read = Math.min(count, piece.bytes().length - from);
                System.arraycopy(piece.bytes(), from, into, offset, read);
            }
            position += Math.max(0, read);
            return read;
        }

        /** One that has the position. */
        private Piece piece() throws IOException {
            if (position >= tailStart) {
                tail = tail.has(position) ? tail : read(tailStart, length);
                return tail;
            }
            last = last.has(position) ? last : read(position, Math.min(position + pieceBytes, tailStart));
            return last;
        }

        private Piece read(long from, long to) throws IOException {
            byte[] bytes = new byte[(int) (to - from)];
            file.seek(from);
            file.readFully(bytes);
            return new Piece(from, bytes);
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

        /** Pages, few of which stand at the end. Those that stand near each other are one read: to wait for it costs more than what is between. */
        @Override
        public void readVectored(List<ParquetFileRange> ranges, ByteBufferAllocator allocator) throws IOException {
            List<Near> all = Near.of(ranges);
            bytes.file.readVectored(all.stream().map(Near::whole).toList(), allocator);
            all.forEach(Near::answer);
        }
    }

    /**
     * Ranges of bytes that are read at once. Immutable.
     *
     * @param whole from the first byte to the last
     */
    private record Near(ParquetFileRange whole, List<ParquetFileRange> parts) {
        /** Less than a page of vectors, so that none is read in vain. */
        static final int MOST_BETWEEN = 32 << 10;

        /** What is read at once is held in memory at once. */
        static final int MOST_BYTES = 8 << 20;

        static List<Near> of(List<ParquetFileRange> ranges) {
            List<ParquetFileRange> sorted = ranges.stream()
                    .sorted(Comparator.comparingLong(ParquetFileRange::getOffset))
                    .toList();
            List<Near> all = new ArrayList<>();
            int from = 0;
            for (int to = 1; to <= sorted.size(); to++) {
                if (to == sorted.size() || !isNear(sorted.get(from), sorted.get(to - 1), sorted.get(to))) {
                    all.add(of(sorted.get(from).getOffset(), sorted.subList(from, to)));
                    from = to;
                }
            }
            return all;
        }

        private static boolean isNear(ParquetFileRange first, ParquetFileRange last, ParquetFileRange next) {
            return next.getOffset() - end(last) <= MOST_BETWEEN && end(next) - first.getOffset() <= MOST_BYTES;
        }

        private static Near of(long from, List<ParquetFileRange> parts) {
            return new Near(new ParquetFileRange(from, (int) (end(parts.get(parts.size() - 1)) - from)), parts);
        }

        private static long end(ParquetFileRange range) {
            return range.getOffset() + range.getLength();
        }

        /** Has each part get its own bytes. */
        void answer() {
            for (ParquetFileRange part : parts) {
                int from = (int) (part.getOffset() - whole.getOffset());
                part.setDataReadFuture(whole.getDataReadFuture()
                        .thenApply(bytes -> bytes.slice(bytes.position() + from, part.getLength())));
            }
        }
    }
}
