package io.embedlake.reduce;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import java.util.zip.CRC32;

/**
 * The envelope of what is fitted once and read on other machines. Stateless.
 *
 * <p>Four letters that say what it is, the version of its form (int), the content, the CRC-32 of all before (int). Numbers are
 * little-endian; floats are IEEE 754.
 */
public final class SealedBytes {
    private static final int NAME_BYTES = 4;
    private static final int AROUND = NAME_BYTES + 2 * Integer.BYTES;

    private SealedBytes() {}

    /**
     * Puts content into the envelope.
     *
     * @param name four ASCII letters
     */
    public static byte[] seal(String name, int version, byte[] content) {
        ByteBuffer bytes = buffer(AROUND + content.length);
        bytes.put(name(name)).putInt(version).put(content);
        return bytes.putInt(crc(bytes.array(), bytes.position())).array();
    }

    /**
     * Reads what is in the envelope.
     *
     * @param name the four letters that have to be there
     * @param what its name in messages, such as {@code a network}
     * @param version the only supported version
     * @param reader reads all of the content
     * @throws IllegalArgumentException when it is something else, of another version or damaged
     */
    public static <T> T open(String name, String what, int version, byte[] bytes, Function<ByteBuffer, T> reader) {
        ByteBuffer all = buffer(bytes);
        byte[] begin = new byte[NAME_BYTES];
        if (bytes.length >= AROUND) {
            all.get(begin);
        }
        if (!Arrays.equals(begin, name(name))) {
            throw new IllegalArgumentException("it is not " + what + ": it does not begin with " + name);
        }
        int found = all.getInt();
        if (found != version) {
            throw new IllegalArgumentException(
                    what + " of version " + found + ", and this software reads version " + version);
        }
        int end = bytes.length - Integer.BYTES;
        if (all.getInt(end) != crc(bytes, end)) {
            throw new IllegalArgumentException(what + " that is damaged: its checksum differs");
        }
        ByteBuffer content = all.limit(end).slice().order(ByteOrder.LITTLE_ENDIAN);
        try {
            T value = reader.apply(content);
            if (content.hasRemaining()) {
                throw new IllegalArgumentException(what + " with " + content.remaining() + " bytes too many");
            }
            return value;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException(what + " that ends too early", e);
        }
    }

    /** An empty buffer for content. */
    public static ByteBuffer buffer(int bytes) {
        return buffer(new byte[bytes]);
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Appends these numbers, without their count. */
    public static void putFloats(float[] values, ByteBuffer to) {
        to.asFloatBuffer().put(values);
        to.position(to.position() + values.length * Float.BYTES);
    }

    /** Reads this many numbers. */
    public static float[] floats(int count, ByteBuffer from) {
        float[] values = new float[count];
        from.asFloatBuffer().get(values);
        from.position(from.position() + count * Float.BYTES);
        return values;
    }

    /** Appends bytes after their count. */
    public static void putBytes(byte[] bytes, ByteBuffer to) {
        to.putInt(bytes.length).put(bytes);
    }

    /** Reads what {@link #putBytes} appended. */
    public static byte[] bytes(ByteBuffer from) {
        byte[] bytes = new byte[count(from, 1)];
        from.get(bytes);
        return bytes;
    }

    /**
     * Reads how many things follow.
     *
     * @param size the least number of bytes of one
     * @throws IllegalArgumentException when the rest is too short for them
     */
    public static int count(ByteBuffer from, int size) {
        int count = from.getInt();
        if (count < 0 || (long) count * size > from.remaining()) {
            throw new IllegalArgumentException("a count of " + count + " where " + from.remaining() + " bytes follow");
        }
        return count;
    }

    private static byte[] name(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length != NAME_BYTES) {
            throw new IllegalArgumentException("the name of a form has four letters: " + name);
        }
        return bytes;
    }

    private static int crc(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
