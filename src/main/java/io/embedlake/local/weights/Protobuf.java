package io.embedlake.local.weights;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Walks over the fields of a message of Protocol Buffers, by the wire format alone. Confined to one thread. Source: the encoding guide of
 * Protocol Buffers.
 */
record Protobuf(WeightsFile file, ByteBuffer bytes) {
    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int BYTES = 2;
    private static final int FOUR_BYTES = 5;
    private static final int LONGEST_VARINT = 10;

    /**
     * A field of the message.
     *
     * @param number its number
     * @param value its value when it is a number, else 0
     * @param bytes its bytes when it has any, else empty
     */
    record Field(int number, long value, ByteBuffer bytes) {
        String text() {
            byte[] text = new byte[bytes.remaining()];
            bytes.duplicate().get(text);
            return new String(text, StandardCharsets.UTF_8);
        }
    }

    /** The next field; nothing at the end. */
    Optional<Field> next() {
        if (!bytes.hasRemaining()) {
            return Optional.empty();
        }
        long tag = varint();
        int number = (int) (tag >>> 3);
        ByteBuffer empty = ByteBuffer.allocate(0);
        return Optional.of(
                switch ((int) (tag & 7)) {
                    case VARINT -> new Field(number, varint(), empty);
                    case EIGHT_BYTES -> new Field(number, 0, take(Long.BYTES));
                    case BYTES -> new Field(number, 0, take(varint()));
                    case FOUR_BYTES -> new Field(number, 0, take(Integer.BYTES));
                    default -> throw damaged();
                });
    }

    /** All that is left, read as numbers without tags. */
    List<Long> numbers() {
        List<Long> numbers = new ArrayList<>();
        while (bytes.hasRemaining()) {
            numbers.add(varint());
        }
        return numbers;
    }

    private ByteBuffer take(long length) {
        if (length < 0 || length > bytes.remaining()) {
            throw damaged();
        }
        ByteBuffer taken = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
        return taken;
    }

    private long varint() {
        long value = 0;
        for (int i = 0; i < LONGEST_VARINT; i++) {
            if (!bytes.hasRemaining()) {
                throw damaged();
            }
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw damaged();
    }

    private RuntimeException damaged() {
        return file.refuse("it is damaged or not an ONNX network");
    }
}
