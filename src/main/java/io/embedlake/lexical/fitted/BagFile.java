package io.embedlake.lexical.fitted;

import io.embedlake.lexical.FittedFile;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The file of a {@link BagModel}. Stateless.
 *
 * <p>All numbers are big-endian. A text is its length in bytes as 16 bits, then its UTF-8.
 *
 * <pre>
 * 16 bytes                 "embedlake bag 1\n"; the digit is the version of the format
 * text, text               the names of the terms and of the weighting
 * int64                    texts of the sample
 * int32, int32             terms, dimensions
 * int8                     1 when there is a projection
 * text * terms             the vocabulary
 * float32 * terms          the weights
 * float32 * terms * dims   the projection, when there is one
 * 64 bytes                 the SHA-256 of all before, in hexadecimal
 * </pre>
 */
public final class BagFile {
    private static final byte[] MAGIC = "embedlake bag 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION_AT = MAGIC.length - 2;
    private static final int HASH_BYTES = 64;

    private BagFile() {}

    /** The content of a model's file; equal models have equal bytes. */
    public static byte[] bytes(BagModel model) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(MAGIC);
            write(out, model.terms().name());
            write(out, model.weighting().toString());
            out.writeLong(model.texts());
            out.writeInt(model.vocabulary().size());
            out.writeInt(model.dimensions());
            out.writeByte(model.isProjected() ? 1 : 0);
            for (String term : model.vocabulary()) {
                write(out, term);
            }
            write(out, model.weights());
            write(out, model.projection());
            out.write(Sha256.hex(bytes.toByteArray()).getBytes(StandardCharsets.US_ASCII));
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    private static void write(DataOutputStream out, float[] numbers) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, numbers.length));
        bytes.asFloatBuffer().put(numbers);
        out.write(bytes.array());
    }

    /**
     * Reads a model.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the file cannot be read, is damaged, or holds something else
     */
    public static BagModel read(Path file) {
        byte[] bytes = FittedFile.bytes(file);
        if (bytes.length < MAGIC.length + HASH_BYTES || !Arrays.equals(bytes, 0, VERSION_AT, MAGIC, 0, VERSION_AT)) {
            throw refuse(file, "it does not begin as the file of a bag of terms does", null);
        }
        if (bytes[VERSION_AT] != MAGIC[VERSION_AT]) {
            throw refuse(
                    file,
                    "it is of version " + (char) bytes[VERSION_AT] + " of its format, and this embedlake knows version "
                            + (char) MAGIC[VERSION_AT],
                    null);
        }
        int end = bytes.length - HASH_BYTES;
        if (!Sha256.hex(Arrays.copyOf(bytes, end))
                .equals(new String(bytes, end, HASH_BYTES, StandardCharsets.US_ASCII))) {
            throw refuse(file, "its bytes do not have the checksum that stands at its end", null);
        }
        try {
            return model(ByteBuffer.wrap(bytes, MAGIC.length, end - MAGIC.length));
        } catch (BufferUnderflowException | IllegalArgumentException | NegativeArraySizeException e) {
            throw refuse(file, "its parts do not fit together", e);
        }
    }

    private static BagModel model(ByteBuffer bytes) {
        Terms terms = Terms.named(text(bytes));
        String name = text(bytes);
        Weighting weighting =
                Weighting.named(name).orElseThrow(() -> new IllegalArgumentException("no weighting is called " + name));
        long texts = bytes.getLong();
        int size = bytes.getInt();
        int dimensions = bytes.getInt();
        boolean isProjected = bytes.get() == 1;
        List<String> vocabulary = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            vocabulary.add(text(bytes));
        }
        float[] weights = floats(bytes, size);
        float[] projection = floats(bytes, isProjected ? (long) size * dimensions : 0);
        if (bytes.hasRemaining()) {
            throw new IllegalArgumentException(bytes.remaining() + " bytes are left");
        }
        return new BagModel(terms, weighting, texts, vocabulary, weights, dimensions, projection);
    }

    private static String text(ByteBuffer bytes) {
        byte[] text = new byte[Short.toUnsignedInt(bytes.getShort())];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Looks at how many bytes there are before it makes room for them. */
    private static float[] floats(ByteBuffer bytes, long count) {
        if (count < 0 || count * Float.BYTES > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        float[] numbers = new float[(int) count];
        bytes.asFloatBuffer().get(numbers);
        bytes.position(bytes.position() + Float.BYTES * numbers.length);
        return numbers;
    }

    private static EmbedlakeException refuse(Path file, String why, Exception cause) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot read the fitted model " + file + " (" + why
                        + "). Remove the file: the job writes it anew from its store.",
                cause);
    }
}
