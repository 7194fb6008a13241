package io.embedlake.lexical.words;

import java.util.Arrays;

/**
 * Says where in a file a word and its numbers stand, without keeping the words: open addressing over hashes of their bytes, and the
 * file itself is compared. About 35 bytes a word. Filled by one thread, then read by any number.
 *
 * <p>The words have the numbers 0, 1, 2 and so on, in the order of the file.
 */
final class WordIndex {
    /** What fits beside the position. */
    static final int LONGEST_WORD = (1 << 16) - 1;

    private static final int LENGTH_BITS = 16;
    private static final int FIRST_WORDS = 1024;
    private static final int MOST_WORDS = 1 << 29;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final MappedFile file;
    private int size;

    /** For each word its position, and in the lowest bits its length. */
    private long[] places = new long[FIRST_WORDS];

    private int[] vectorBytes = new int[FIRST_WORDS];
    private int[] hashes = new int[FIRST_WORDS];

    /** One more than a word's number, or 0; a power of two, at most half full. */
    private int[] slots = new int[2 * FIRST_WORDS];

    WordIndex(MappedFile file) {
        this.file = file;
    }

    /**
     * Adds a word, unless it is there: of two vectors of a word the first counts.
     *
     * @param start where its bytes stand in the file, followed by one space and its numbers
     * @param word its bytes, at most {@link #LONGEST_WORD}
     * @param numbers how many bytes its numbers have
     */
    void add(long start, byte[] word, int length, int numbers) {
        int hash = hash(word, length);
        int slot = slot(hash, word, length);
        if (slots[slot] != 0) {
            return;
        }
        if (size == MOST_WORDS) {
            throw file.refuse("it has more than " + MOST_WORDS + " words");
        }
        if (size == places.length) {
            grow();
            slot = slot(hash, word, length);
        }
        places[size] = start << LENGTH_BITS | length;
        vectorBytes[size] = numbers;
        hashes[size] = hash;
        slots[slot] = ++size;
    }

    private void grow() {
        places = Arrays.copyOf(places, 2 * size);
        vectorBytes = Arrays.copyOf(vectorBytes, 2 * size);
        hashes = Arrays.copyOf(hashes, 2 * size);
        slots = new int[4 * size];
        for (int word = 0; word < size; word++) {
            int slot = hashes[word] & slots.length - 1;
            while (slots[slot] != 0) {
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = word + 1;
        }
    }

    /** How many different words there are. */
    int size() {
        return size;
    }

    /** The number of a word; -1 when the file does not have it. */
    int find(byte[] word) {
        return word.length > LONGEST_WORD ? -1 : slots[slot(hash(word, word.length), word, word.length)] - 1;
    }

    /** Where a word's numbers stand in the file. */
    long vectorStart(int word) {
        return (places[word] >>> LENGTH_BITS) + (places[word] & LONGEST_WORD) + 1;
    }

    /** How many bytes they have. */
    int vectorBytes(int word) {
        return vectorBytes[word];
    }

    /** The slot that has the word, or the empty one where it would be. */
    private int slot(int hash, byte[] word, int length) {
        int slot = hash & slots.length - 1;
        while (slots[slot] != 0 && !is(slots[slot] - 1, hash, word, length)) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }

    private boolean is(int entry, int hash, byte[] word, int length) {
        return hashes[entry] == hash
                && (places[entry] & LONGEST_WORD) == length
                && file.holds(places[entry] >>> LENGTH_BITS, word, length);
    }

    /** FNV-1a, and the finaliser of MurmurHash3 because the lowest bits choose the slot. */
    private static int hash(byte[] word, int length) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ word[i] & 0xFF) * FNV_PRIME;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        return (int) (hash ^ hash >>> 33);
    }
}
