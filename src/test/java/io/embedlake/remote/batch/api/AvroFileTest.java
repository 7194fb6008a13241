package io.embedlake.remote.batch.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.remote.format.json.WrongAnswer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Avro itself has written is read. */
class AvroFileTest {
    private static final Schema SCHEMA = new Schema.Parser()
            .parse(
                    "{'type':'record','name':'r','fields':[{'name':'n','type':['null','string']},{'name':'i','type':'int'},"
                                    .replace('\'', '"')
                            + ("{'name':'l','type':'long'},{'name':'f','type':{'type':'array','items':'float'}},"
                                            + "{'name':'d','type':'double'},{'name':'b','type':'boolean'},"
                                            + "{'name':'m','type':{'type':'map','values':'int'}},"
                                            + "{'name':'e','type':{'type':'enum','name':'s','symbols':['A','B']}},"
                                            + "{'name':'again','type':['null','s']}]}")
                                    .replace('\'', '"'));

    private static byte[] file(String codec, int records) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(SCHEMA))) {
            writer.setCodec(CodecFactory.fromString(codec))
                    .setSyncInterval(1024)
                    .create(SCHEMA, file);
            Schema symbols = SCHEMA.getField("e").schema();
            for (int i = 0; i < records; i++) {
                GenericRecord record = new GenericData.Record(SCHEMA);
                record.put("n", i % 2 == 0 ? null : "naïve " + i);
                record.put("i", -i);
                record.put("l", Long.MIN_VALUE + i);
                record.put("f", List.of(0.5f, -i / 3f));
                record.put("d", -1.0 / 3);
                record.put("b", i % 3 == 0);
                record.put("m", Map.of("k", i * 1000));
                record.put("e", new GenericData.EnumSymbol(symbols, "B"));
                record.put("again", new GenericData.EnumSymbol(symbols, "A"));
                writer.append(record);
            }
        }
        return file.toByteArray();
    }

    private static List<JsonNode> read(byte[] file) throws IOException {
        List<JsonNode> records = new ArrayList<>();
        AvroFile.read(new ByteArrayInputStream(file), records::add);
        return records;
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "deflate"})
    void readsWhatAvroWrites(String codec) throws IOException {
        List<JsonNode> records = read(file(codec, 500));

        assertEquals(500, records.size());
        assertEquals(
                new ObjectMapper()
                        .readTree("{\"n\":\"naïve 499\",\"i\":-499,\"l\":-9223372036854775309,\"f\":[0.5,"
                                + (-499 / 3f) + "],\"d\":" + (-1.0 / 3)
                                + ",\"b\":false,\"m\":{\"k\":499000},\"e\":\"B\",\"again\":\"A\"}")
                        .toString(),
                records.get(499).toString());
        assertEquals("null", records.get(498).path("n").toString());
    }

    @Test
    void refusesAFileThatIsNone() {
        WrongAnswer refused =
                assertThrows(WrongAnswer.class, () -> read("{\"text\":1}".getBytes(StandardCharsets.UTF_8)));

        assertEquals("a file is no Avro container", refused.getMessage());
    }

    @Test
    void refusesACutFile() throws IOException {
        byte[] file = file("null", 10);

        EOFException refused = assertThrows(EOFException.class, () -> read(Arrays.copyOf(file, file.length - 40)));

        assertEquals("an Avro container is cut", refused.getMessage());
    }
}
