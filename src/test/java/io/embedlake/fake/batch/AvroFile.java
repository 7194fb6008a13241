package io.embedlake.fake.batch;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;

/** Writes the data set of a job's answers, as an Avro container compressed with deflate. Stateless. */
final class AvroFile {
    private static final Schema SCHEMA = new Schema.Parser()
            .parse("{\"type\":\"record\",\"name\":\"embed_result\",\"fields\":["
                    + "{\"name\":\"text\",\"type\":\"string\"},{\"name\":\"custom_id\",\"type\":[\"null\",\"string\"]},"
                    + "{\"name\":\"embeddings\",\"type\":{\"type\":\"record\",\"name\":\"embeddings\",\"fields\":["
                    + "{\"name\":\"float\",\"type\":{\"type\":\"array\",\"items\":\"double\"}}]}}]}");

    private AvroFile() {}

    /** A text with its id and its vector. Immutable. */
    record Row(String id, String text, JsonNode vector) {}

    static byte[] of(List<Row> rows) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(SCHEMA))) {
            writer.setCodec(CodecFactory.deflateCodec(CodecFactory.DEFAULT_DEFLATE_LEVEL))
                    .create(SCHEMA, file);
            for (Row row : rows) {
                writer.append(record(row));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    private static GenericRecord record(Row row) {
        List<Double> vector = new ArrayList<>();
        row.vector().forEach(value -> vector.add(value.doubleValue()));
        return new GenericRecordBuilder(SCHEMA)
                .set("text", row.text())
                .set("custom_id", row.id())
                .set(
                        "embeddings",
                        new GenericRecordBuilder(SCHEMA.getField("embeddings").schema())
                                .set("float", vector)
                                .build())
                .build();
    }
}
