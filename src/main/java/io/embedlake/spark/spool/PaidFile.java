package io.embedlake.spark.spool;

import io.embedlake.reduce.SealedBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Some texts that were paid for, as the bytes of a file: {@link SealedBytes} named {@code ELPT}, version 1, with the number of texts
 * (int) and for each its hash (bytes after their count), its tokens (int), whether it was cut (byte), and its vector (floats after their
 * count). Stateless.
 */
final class PaidFile {
    private static final String NAME = "ELPT";
    private static final int VERSION = 1;
    private static final int LEAST_TEXT_BYTES = 3 * Integer.BYTES + 1;

    private PaidFile() {}

    static byte[] bytes(List<PaidText> texts) {
        ByteBuffer content = SealedBytes.buffer(
                Integer.BYTES + texts.stream().mapToInt(PaidFile::bytes).reduce(0, Math::addExact));
        content.putInt(texts.size());
        for (PaidText text : texts) {
            SealedBytes.putBytes(text.hash().getBytes(StandardCharsets.US_ASCII), content);
            content.putInt(text.tokens()).put((byte) (text.truncated() ? 1 : 0));
            content.putInt(text.vector().length);
            SealedBytes.putFloats(text.vector(), content);
        }
        return SealedBytes.seal(NAME, VERSION, content.array());
    }

    /** How many bytes of a file a text takes. */
    static int bytes(PaidText text) {
        return LEAST_TEXT_BYTES + text.hash().length() + Float.BYTES * text.vector().length;
    }

    /**
     * The texts of a file.
     *
     * @throws IllegalArgumentException when it was not written to its end, or is something else
     */
    static List<PaidText> read(byte[] bytes) {
        return SealedBytes.open(NAME, "a file of paid texts", VERSION, bytes, content -> IntStream.range(
                        0, SealedBytes.count(content, LEAST_TEXT_BYTES))
                .mapToObj(i -> text(content))
                .toList());
    }

    private static PaidText text(ByteBuffer content) {
        String hash = new String(SealedBytes.bytes(content), StandardCharsets.US_ASCII);
        int tokens = content.getInt();
        boolean truncated = content.get() != 0;
        return new PaidText(
                hash, SealedBytes.floats(SealedBytes.count(content, Float.BYTES), content), tokens, truncated);
    }
}
