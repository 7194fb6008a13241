package io.embedlake.lexical.words;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A file of word vectors, mapped into memory in segments, because one mapping holds 2 GiB at most; and the errors for its defects.
 * Immutable and thread-safe. The garbage collector gives the mappings back.
 */
record MappedFile(Path path, long size, int segmentBytes, ByteBuffer[] segments) {
    /** The length of all segments but the last. */
    static final int SEGMENT_BYTES = 1 << 30;

    /**
     * Maps a file.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it cannot be read
     */
    static MappedFile open(Path path, int segmentBytes) {
        try (FileChannel channel = FileChannel.open(path)) {
            long size = channel.size();
            ByteBuffer[] segments = new ByteBuffer[Math.toIntExact((size + segmentBytes - 1) / segmentBytes)];
            for (int i = 0; i < segments.length; i++) {
                long from = (long) i * segmentBytes;
                segments[i] = channel.map(FileChannel.MapMode.READ_ONLY, from, Math.min(segmentBytes, size - from));
            }
            return new MappedFile(path, size, segmentBytes, segments);
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read the word vectors " + path + " (the file is not there, or may not be read)."
                            + " Give the job read access to it, or change the key model.",
                    e);
        }
    }

    /** Copies bytes of the file to the beginning of an array. */
    void read(long from, byte[] into, int length) {
        for (int done = 0; done < length; ) {
            ByteBuffer segment = segment(from + done);
            int offset = offset(from + done);
            int part = Math.min(length - done, segment.limit() - offset);
            segment.get(offset, into, done, part);
            done += part;
        }
    }

    /** Whether these bytes stand at this place, all of which lies within the file. */
    boolean holds(long from, byte[] expected, int length) {
        for (int done = 0; done < length; ) {
            ByteBuffer segment = segment(from + done);
            int offset = offset(from + done);
            int part = Math.min(length - done, segment.limit() - offset);
            for (int i = 0; i < part; i++) {
                if (segment.get(offset + i) != expected[done + i]) {
                    return false;
                }
            }
            done += part;
        }
        return true;
    }

    private ByteBuffer segment(long position) {
        return segments[(int) (position / segmentBytes)];
    }

    private int offset(long position) {
        return (int) (position % segmentBytes);
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /** The sentence about a file that is not what it should be. */
    EmbedlakeException refuse(String why) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot read the word vectors " + path + " (" + why
                        + "). Get the file again, or change the key model.");
    }
}
