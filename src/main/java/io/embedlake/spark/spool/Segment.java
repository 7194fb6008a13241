package io.embedlake.spark.spool;

import io.embedlake.reduce.SealedBytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The format of a spool's files: blocks, one after the other. A block is the count of its bytes (int) and {@link SealedBytes} named {@code
 * ELPT}, version 1, with the number of texts (int) and for each its hash (bytes after their count), its tokens (int), whether it was cut
 * (byte), and its vector (floats after their count). Stateless.
 */
final class Segment {
    private static final String NAME = "ELPT";
    private static final int VERSION = 1;
    private static final int LEAST_TEXT_BYTES = 3 * Integer.BYTES + 1;

    private Segment() {}

    /** The bytes of a block, to be appended to a file. */
    static byte[] block(List<PaidText> texts) {
        ByteBuffer content = SealedBytes.buffer(
                Integer.BYTES + texts.stream().mapToInt(Segment::bytes).reduce(0, Math::addExact));
        content.putInt(texts.size());
        for (PaidText text : texts) {
            SealedBytes.putBytes(text.hash().getBytes(StandardCharsets.US_ASCII), content);
            content.putInt(text.tokens()).put((byte) (text.truncated() ? 1 : 0));
            content.putInt(text.vector().length);
            SealedBytes.putFloats(text.vector(), content);
        }
        byte[] sealed = SealedBytes.seal(NAME, VERSION, content.array());
        ByteBuffer block = SealedBytes.buffer(Integer.BYTES + sealed.length);
        SealedBytes.putBytes(sealed, block);
        return block.array();
    }

    /** How many bytes of a block a text takes. */
    static int bytes(PaidText text) {
        return LEAST_TEXT_BYTES + text.hash().length() + Float.BYTES * text.vector().length;
    }

    /** The texts of a file, without those of an incomplete last block. */
    static List<PaidText> read(byte[] file) {
        List<PaidText> texts = new ArrayList<>();
        ByteBuffer bytes = SealedBytes.buffer(file.length).put(file).flip();
        try {
            while (bytes.hasRemaining()) {
                texts.addAll(SealedBytes.open(
                        NAME, "a block of paid texts", VERSION, SealedBytes.bytes(bytes), Segment::texts));
            }
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            // It was being written when its process was killed.
            return texts;
        }
        return texts;
    }

    private static List<PaidText> texts(ByteBuffer content) {
        return IntStream.range(0, SealedBytes.count(content, LEAST_TEXT_BYTES))
                .mapToObj(i -> text(content))
                .toList();
    }

    private static PaidText text(ByteBuffer content) {
        String hash = new String(SealedBytes.bytes(content), StandardCharsets.US_ASCII);
        int tokens = content.getInt();
        boolean truncated = content.get() != 0;
        return new PaidText(
                hash, SealedBytes.floats(SealedBytes.count(content, Float.BYTES), content), tokens, truncated);
    }
}
