package io.embedlake.local.weights;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The entries of a zip file that are stored without compression, as PyTorch stores all of them, and where they lie. Source:
 * PKWARE's APPNOTE, with its extension for files of more than 4 GiB. Immutable and thread-safe.
 */
record StoredZip(WeightsFile file, Map<String, Entry> entries) {
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_LENGTH = 22;
    private static final int LONGEST_COMMENT = 65_535;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int LOCATOR_LENGTH = 20;
    private static final int END64_SIGNATURE = 0x06064b50;
    private static final int END64_LENGTH = 56;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int ENTRY_LENGTH = 46;
    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int LOCAL_LENGTH = 30;
    private static final long IN_EXTRA = 0xffffffffL;

    private record Entry(long header, long length) {}

    /** Where the list of entries is. */
    private record Directory(long start, long length) {}

    /** Reads the list of entries; nothing when the file is no zip. */
    static Optional<StoredZip> open(WeightsFile file) {
        if (file.size() < LOCAL_LENGTH
                || file.map(0, Integer.BYTES, "its first bytes").getInt(0) != LOCAL_SIGNATURE) {
            return Optional.empty();
        }
        Directory directory = directory(file);
        ByteBuffer list = file.map(directory.start, directory.length, "the archive's list of entries");
        Map<String, Entry> entries = new TreeMap<>();
        while (list.remaining() >= ENTRY_LENGTH && list.getInt(list.position()) == ENTRY_SIGNATURE) {
            int at = list.position();
            int nameLength = list.getShort(at + 28) & 0xffff;
            int extraLength = list.getShort(at + 30) & 0xffff;
            int commentLength = list.getShort(at + 32) & 0xffff;
            if (list.remaining() < ENTRY_LENGTH + nameLength + extraLength + commentLength) {
                throw file.refuse("the archive's list of entries is damaged");
            }
            byte[] name = new byte[nameLength];
            list.get(at + ENTRY_LENGTH, name);
            String text = new String(name, StandardCharsets.UTF_8);
            if (list.getShort(at + 10) != 0) {
                throw file.refuse("the entry " + text + " is compressed, which PyTorch's archives never are");
            }
            Entry entry = entry(list, at, at + ENTRY_LENGTH + nameLength, extraLength);
            if (entries.put(text, entry) != null) {
                throw file.refuse("the archive has two entries " + text);
            }
            list.position(at + ENTRY_LENGTH + nameLength + extraLength + commentLength);
        }
        return Optional.of(new StoredZip(file, entries));
    }

    Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    boolean has(String name) {
        return entries.containsKey(name);
    }

    /** The length of an entry in bytes. */
    long length(String name) {
        return entries.get(name).length;
    }

    /** Where an entry's bytes begin in the file. */
    long start(String name) {
        Entry entry = entries.get(name);
        ByteBuffer local = file.map(entry.header, LOCAL_LENGTH, "the entry " + name);
        if (local.getInt(0) != LOCAL_SIGNATURE) {
            throw file.refuse("the entry " + name + " is not where the archive's list says");
        }
        return entry.header + LOCAL_LENGTH + (local.getShort(26) & 0xffff) + (local.getShort(28) & 0xffff);
    }

    /** An entry's bytes, mapped. */
    ByteBuffer bytes(String name) {
        return file.map(start(name), length(name), "the entry " + name);
    }

    private static Directory directory(WeightsFile file) {
        long tailLength = Math.min(file.size(), END_LENGTH + LONGEST_COMMENT + LOCATOR_LENGTH);
        ByteBuffer tail = file.map(file.size() - tailLength, tailLength, "the archive's end");
        for (int at = (int) tailLength - END_LENGTH; at >= 0; at--) {
            if (tail.getInt(at) == END_SIGNATURE) {
                boolean is64 = at >= LOCATOR_LENGTH && tail.getInt(at - LOCATOR_LENGTH) == LOCATOR_SIGNATURE;
                if (!is64) {
                    return new Directory(tail.getInt(at + 16) & 0xffffffffL, tail.getInt(at + 12) & 0xffffffffL);
                }
                ByteBuffer end = file.map(tail.getLong(at - LOCATOR_LENGTH + 8), END64_LENGTH, "the archive's end");
                if (end.getInt(0) != END64_SIGNATURE) {
                    break;
                }
                return new Directory(end.getLong(48), end.getLong(40));
            }
        }
        throw file.refuse("it begins like an archive of PyTorch's and has no end of one: it is cut off");
    }

    private static Entry entry(ByteBuffer list, int at, int extra, int extraLength) {
        long packed = list.getInt(at + 20) & 0xffffffffL;
        long length = list.getInt(at + 24) & 0xffffffffL;
        long header = list.getInt(at + 42) & 0xffffffffL;
        for (int i = extra; i + 4 <= extra + extraLength; i += 4 + (list.getShort(i + 2) & 0xffff)) {
            if (list.getShort(i) == 1) {
                int value = i + 4;
                if (length == IN_EXTRA) {
                    length = list.getLong(value);
                    value += Long.BYTES;
                }
                if (packed == IN_EXTRA) {
                    value += Long.BYTES;
                }
                if (header == IN_EXTRA) {
                    header = list.getLong(value);
                }
            }
        }
        return new Entry(header, length);
    }
}
