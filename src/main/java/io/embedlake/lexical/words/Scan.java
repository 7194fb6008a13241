package io.embedlake.lexical.words;

import java.util.Arrays;

/** Reads a file from its beginning to its end. Confined to one thread. */
final class Scan {
    private static final int WINDOW_BYTES = 1 << 16;

    /** A longer line means a file of another format. */
    private static final int LONGEST_LINE = 1 << 24;

    private final MappedFile file;
    private final byte[] window = new byte[WINDOW_BYTES];
    private long windowStart;
    private int filled;
    private int at;

    private byte[] line = new byte[1024];
    private int lineLength;
    private long lineStart;
    private long lineNumber;

    Scan(MappedFile file) {
        this.file = file;
    }

    /** Where the next byte stands. */
    long position() {
        return windowStart + at;
    }

    /** The next byte, from 0 to 255; -1 at the end. */
    int next() {
        return at < filled || fill() ? window[at++] & 0xFF : -1;
    }

    /** Reads this many bytes; false when the file ends before. */
    boolean next(byte[] into, int length) {
        for (int done = 0; done < length; ) {
            if (at == filled && !fill()) {
                return false;
            }
            int part = Math.min(length - done, filled - at);
            System.arraycopy(window, at, into, done, part);
            at += part;
            done += part;
        }
        return true;
    }

    private boolean fill() {
        windowStart += filled;
        at = 0;
        filled = (int) Math.min(window.length, file.size() - windowStart);
        file.read(windowStart, window, filled);
        return filled > 0;
    }

    /** Goes on to the next line, without the spaces and the carriage return at its end; false when there is none. */
    boolean nextLine() {
        lineStart = position();
        lineLength = 0;
        if (at == filled && !fill()) {
            return false;
        }
        lineNumber++;
        boolean ended = false;
        while (!ended && (at < filled || fill())) {
            int end = at;
            while (end < filled && window[end] != '\n') {
                end++;
            }
            append(end);
            ended = end < filled;
            at = ended ? end + 1 : end;
        }
        while (lineLength > 0 && (line[lineLength - 1] == ' ' || line[lineLength - 1] == '\r')) {
            lineLength--;
        }
        return true;
    }

    private void append(int end) {
        int length = end - at;
        if (lineLength + length > LONGEST_LINE) {
            throw file.refuse("line " + lineNumber + " has more than " + LONGEST_LINE + " bytes");
        }
        if (lineLength + length > line.length) {
            line = Arrays.copyOf(line, Math.max(2 * line.length, lineLength + length));
        }
        System.arraycopy(window, at, line, lineLength, length);
        lineLength += length;
    }

    /** The bytes of the line, up to {@link #lineLength}; valid until the next line is read. */
    byte[] line() {
        return line;
    }

    int lineLength() {
        return lineLength;
    }

    /** Where the line begins. */
    long lineStart() {
        return lineStart;
    }

    /** The line's number, from 1. */
    long lineNumber() {
        return lineNumber;
    }
}
