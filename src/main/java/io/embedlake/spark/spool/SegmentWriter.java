package io.embedlake.spark.spool;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * Writes texts to files that grow by a block a quarter of a second, and begins another file after 64 MiB. Where a file shows nothing before it is closed, as in
 * object stores, each file is one block of at most 10 s. Thread-safe; closed by its owner.
 */
final class SegmentWriter implements AutoCloseable {
    /** How long a text may wait for its block in a file that grows. */
    static final Duration SOON = Duration.ofMillis(250);
    /** The same in a file that is an object. */
    static final Duration LATER = Duration.ofSeconds(10);

    private static final long BLOCK_BYTES = 8 << 20;
    private static final long SEGMENT_BYTES = 64 << 20;

    private final FileSystem files;
    private final Path prefix;
    private final LongSupplier clock;
    private final LongConsumer written;
    private final List<PaidText> open = new ArrayList<>();
    private long openBytes;
    private long openNanos;
    private Optional<FSDataOutputStream> segment = Optional.empty();
    private boolean canGrow;
    private long segmentBytes;
    private int segments;
    private Optional<EmbedlakeException> failure = Optional.empty();

    /**
     * A writer that has written nothing, and makes no file before it does.
     *
     * @param prefix of the names of its files
     * @param clock nanoseconds since any moment
     * @param written is told the bytes of each block that was written
     */
    SegmentWriter(FileSystem files, Path prefix, LongSupplier clock, LongConsumer written) {
        this.files = files;
        this.prefix = prefix;
        this.clock = clock;
        this.written = written;
    }

    /**
     * Keeps a text, and writes what is due.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when this or an earlier block could not be written
     */
    synchronized void keep(PaidText text) {
        if (open.isEmpty()) {
            openNanos = clock.getAsLong();
        }
        open.add(text);
        openBytes += Segment.bytes(text);
        writeIfDue();
        requireWritten();
    }

    /** Writes the block when it is due; {@link #keep} and {@link #flush} throw its failure. */
    synchronized void writeIfDue() {
        if (open.isEmpty()) {
            return;
        }
        try {
            begin();
            Duration longest = canGrow ? SOON : LATER;
            if (openBytes >= BLOCK_BYTES || clock.getAsLong() - openNanos >= longest.toNanos()) {
                write();
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    /**
     * Writes all texts now.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when this or an earlier block could not be written
     */
    synchronized void flush() {
        if (!open.isEmpty()) {
            try {
                begin();
                write();
            } catch (IOException e) {
                failed(e);
            }
        }
        requireWritten();
    }

    private void begin() throws IOException {
        if (segment.isEmpty()) {
            FSDataOutputStream out = files.create(prefix.suffix("-" + segments++), false);
            segment = Optional.of(out);
            canGrow = out.hasCapability(StreamCapabilities.HSYNC);
            segmentBytes = 0;
        }
    }

    private void write() throws IOException {
        FSDataOutputStream out = segment.orElseThrow();
        byte[] block = Segment.block(open);
        out.write(block);
        segmentBytes += block.length;
        if (canGrow && segmentBytes < SEGMENT_BYTES) {
            out.hflush();
        } else {
            segment = Optional.empty();
            out.close();
        }
        written.accept(block.length);
        open.clear();
        openBytes = 0;
        failure = Optional.empty();
    }

    /** What follows a block that was not written to its end is not read: the texts go to another file. */
    private void failed(IOException why) {
        segment.ifPresent(SegmentWriter::abandon);
        segment = Optional.empty();
        failure = Optional.of(new EmbedlakeException(
                ErrorKind.STORAGE,
                "Cannot keep vectors that are paid for beside the store: " + prefix.getParent() + " ("
                        + why.getMessage() + "). Make room there, or check the storage, and start the job again.",
                why));
    }

    private static void abandon(FSDataOutputStream out) {
        try {
            out.close();
        } catch (IOException e) {
            // What it could not write is written to another file.
        }
    }

    private void requireWritten() {
        failure.ifPresent(why -> {
            throw why;
        });
    }

    @Override
    public synchronized void close() {
        try {
            flush();
        } finally {
            segment.ifPresent(SegmentWriter::abandon);
            segment = Optional.empty();
        }
    }
}
