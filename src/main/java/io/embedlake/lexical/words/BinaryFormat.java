package io.embedlake.lexical.words;

import io.embedlake.spi.EmbedlakeException;
import java.util.Arrays;

/**
 * The binary format of word2vec: the {@linkplain Header header}, then for each word its bytes, a space, its numbers as little-endian
 * 32-bit floats and, in the files of some programs, a line feed. Source: {@code word2vec.c} and {@code distance.c} of Mikolov et al.,
 * 2013. Immutable and thread-safe.
 *
 * @param header the first line
 */
record BinaryFormat(Header header) implements VectorFormat {
    static BinaryFormat of(MappedFile file, Header header) {
        header.requireRoom(file, 1 + (long) Float.BYTES * header.dimension());
        return new BinaryFormat(header);
    }

    @Override
    public int dimension() {
        return header.dimension();
    }

    @Override
    public WordIndex index(MappedFile file) {
        WordIndex index = new WordIndex(file);
        Scan scan = new Scan(file);
        scan.nextLine();
        byte[] word = new byte[64];
        byte[] bytes = new byte[Float.BYTES * dimension()];
        float[] numbers = new float[dimension()];
        int next = pastLineFeeds(scan);
        for (long number = 1; number <= header.words(); number++) {
            long start = scan.position() - 1;
            int length = 0;
            for (; next != ' '; next = scan.next()) {
                if (next < 0) {
                    throw cut(file, number);
                }
                if (length == WordIndex.LONGEST_WORD) {
                    throw file.refuse("byte " + start + ": the word " + number + " has more than "
                            + WordIndex.LONGEST_WORD + " bytes");
                }
                if (length == word.length) {
                    word = Arrays.copyOf(word, 2 * length);
                }
                word[length++] = (byte) next;
            }
            if (!scan.next(bytes, bytes.length)) {
                throw cut(file, number);
            }
            int sound = decode(bytes, 0, bytes.length, numbers);
            if (sound < numbers.length) {
                throw file.refuse("byte " + (start + length + 1 + (long) Float.BYTES * sound) + ": the number "
                        + (sound + 1) + " of the word " + number + " is not finite");
            }
            index.add(start, word, length, bytes.length);
            next = pastLineFeeds(scan);
        }
        if (next >= 0) {
            throw file.refuse("line 1 promises " + header.words() + " words, and byte " + (scan.position() - 1)
                    + " comes after them");
        }
        return index;
    }

    private static int pastLineFeeds(Scan scan) {
        int next = scan.next();
        while (next == '\n') {
            next = scan.next();
        }
        return next;
    }

    private EmbedlakeException cut(MappedFile file, long word) {
        return file.refuse("it ends at byte " + file.size() + " within the word " + word + " of " + header.words());
    }

    @Override
    public int decode(byte[] bytes, int from, int to, float[] into) {
        for (int i = 0; i < into.length; i++) {
            int at = from + Float.BYTES * i;
            into[i] = Float.intBitsToFloat(bytes[at] & 0xFF
                    | (bytes[at + 1] & 0xFF) << 8
                    | (bytes[at + 2] & 0xFF) << 16
                    | bytes[at + 3] << 24);
            if (!Float.isFinite(into[i])) {
                return i;
            }
        }
        return into.length;
    }
}
