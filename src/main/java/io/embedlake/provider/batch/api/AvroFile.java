package io.embedlake.provider.batch.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.provider.wire.json.WrongAnswer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.InvalidAvroMagicException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;

/** Reads the records of an Avro object container file as JSON, a block at a time: the format in which Cohere keeps data sets. Stateless. */
final class AvroFile {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private AvroFile() {}

    /**
     * Hands over each record.
     *
     * @throws WrongAnswer where it is no such file
     */
    static void read(InputStream file, Consumer<JsonNode> taker) throws IOException {
        try (DataFileStream<Object> records = new DataFileStream<>(file, new GenericDatumReader<>())) {
            while (records.hasNext()) {
                taker.accept(json(records.next()));
            }
        } catch (InvalidAvroMagicException e) {
            throw new WrongAnswer("a file is no Avro container");
        } catch (EOFException e) {
            throw cut(e);
        } catch (AvroRuntimeException e) {
            throw e.getCause() instanceof EOFException ? cut(e) : new IOException("an Avro container is damaged", e);
        }
    }

    private static IOException cut(Exception cause) {
        return new IOException("an Avro container is cut", cause);
    }

    private static JsonNode json(Object value) {
        if (value == null) {
            return NODES.nullNode();
        }
        if (value instanceof IndexedRecord record) {
            ObjectNode object = NODES.objectNode();
            for (Schema.Field field : record.getSchema().getFields()) {
                object.set(field.name(), json(record.get(field.pos())));
            }
            return object;
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode object = NODES.objectNode();
            map.forEach((key, each) -> object.set(key.toString(), json(each)));
            return object;
        }
        if (value instanceof Collection<?> list) {
            ArrayNode array = NODES.arrayNode();
            list.forEach(each -> array.add(json(each)));
            return array;
        }
        if (value instanceof ByteBuffer bytes) {
            return NODES.binaryNode(bytes.array());
        }
        if (value instanceof GenericFixed fixed) {
            return NODES.binaryNode(fixed.bytes());
        }
        return scalar(value);
    }

    private static JsonNode scalar(Object value) {
        if (value instanceof Boolean flag) {
            return NODES.booleanNode(flag);
        }
        if (value instanceof Float number) {
            return NODES.numberNode(number);
        }
        if (value instanceof Double number) {
            return NODES.numberNode(number);
        }
        if (value instanceof Number number) {
            return NODES.numberNode(number.longValue());
        }
        return NODES.textNode(value.toString());
    }
}
