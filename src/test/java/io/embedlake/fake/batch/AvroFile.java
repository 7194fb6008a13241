package io.embedlake.fake.batch;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Writes the data set of a job's answers, as an Avro container compressed with deflate. Stateless. */
final class AvroFile {
    private static final String SCHEMA = "{\"type\":\"record\",\"name\":\"embed_result\",\"fields\":["
            + "{\"name\":\"text\",\"type\":\"string\"},{\"name\":\"custom_id\",\"type\":[\"null\",\"string\"]},"
            + "{\"name\":\"embeddings\",\"type\":{\"type\":\"record\",\"name\":\"embeddings\",\"fields\":["
            + "{\"name\":\"float\",\"type\":{\"type\":\"array\",\"items\":\"double\"}}]}}]}";
    private static final byte[] SYNC = "embedlake-fake-!".getBytes(StandardCharsets.US_ASCII);

    private AvroFile() {}

    /** A text with its id and its vector. Immutable. */
    record Row(String id, String text, JsonNode vector) {}

    /** A file of one block. */
    static byte[] of(List<Row> rows) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[] {'O', 'b', 'j', 1});
        number(file, 2);
        string(file, "avro.schema");
        string(file, SCHEMA);
        string(file, "avro.codec");
        string(file, "deflate");
        number(file, 0);
        file.writeBytes(SYNC);
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        rows.forEach(row -> write(block, row));
        byte[] packed = deflated(block.toByteArray());
        number(file, rows.size());
        number(file, packed.length);
        file.writeBytes(packed);
        file.writeBytes(SYNC);
        return file.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, Row row) {
        string(out, row.text());
        // The second of the union's types.
        number(out, 1);
        string(out, row.id());
        number(out, row.vector().size());
        for (JsonNode value : row.vector()) {
            out.writeBytes(ByteBuffer.allocate(Double.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putDouble(value.doubleValue())
                    .array());
        }
        number(out, 0);
    }

    private static byte[] deflated(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        Deflater raw = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try (DeflaterOutputStream out = new DeflaterOutputStream(packed, raw)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            raw.end();
        }
        return packed.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream out, long value) {
        long left = value << 1 ^ value >> 63;
        while ((left & ~0x7FL) != 0) {
            out.write((int) (left & 0x7F | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
    }
}
