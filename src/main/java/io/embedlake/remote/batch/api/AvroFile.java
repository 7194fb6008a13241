package io.embedlake.remote.batch.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.remote.format.json.Json;
import io.embedlake.remote.format.json.WrongAnswer;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Reads the records of an Avro object container file as JSON, a block at a time: the format in which Cohere keeps data sets. Supports the
 * codecs null and deflate. Confined to one thread.
 */
final class AvroFile {
    private static final byte[] MAGIC = {'O', 'b', 'j', 1};
    private static final int SYNC_BYTES = 16;
    private static final int MOST_BYTES = 256 << 20;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final DataInputStream in;
    private final Map<String, JsonNode> named = new HashMap<>();

    private AvroFile(DataInputStream in) {
        this.in = in;
    }

    /**
     * Hands over each record.
     *
     * @throws WrongAnswer where the file is malformed
     */
    static void read(InputStream file, Consumer<JsonNode> taker) throws IOException {
        new AvroFile(new DataInputStream(file)).read(taker);
    }

    private void read(Consumer<JsonNode> taker) throws IOException {
        if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
            throw new WrongAnswer("a file is no Avro container");
        }
        Map<String, byte[]> header = header();
        JsonNode schema = Json.tree(header.getOrDefault("avro.schema", new byte[0]));
        String codec = new String(header.getOrDefault("avro.codec", new byte[0]), StandardCharsets.UTF_8);
        byte[] sync = in.readNBytes(SYNC_BYTES);
        for (int first = in.read(); first >= 0; first = in.read()) {
            long count = number(in, first);
            DataInputStream block = new DataInputStream(opened(bytes(in), codec));
            for (long i = 0; i < count; i++) {
                taker.accept(value(schema, block));
            }
            if (!Arrays.equals(in.readNBytes(SYNC_BYTES), sync)) {
                throw new WrongAnswer("a block of an Avro container does not end where it should");
            }
        }
    }

    private Map<String, byte[]> header() throws IOException {
        Map<String, byte[]> header = new HashMap<>();
        for (long count = blockCount(in); count > 0; count = blockCount(in)) {
            for (long i = 0; i < count; i++) {
                header.put(string(in), bytes(in));
            }
        }
        return header;
    }

    private static InputStream opened(byte[] block, String codec) {
        return switch (codec) {
            case "", "null" -> new ByteArrayInputStream(block);
            case "deflate" -> new InflaterInputStream(new ByteArrayInputStream(block), new Inflater(true));
            default -> throw new WrongAnswer("an Avro container is compressed with something else than deflate");
        };
    }

    private JsonNode value(JsonNode schema, DataInputStream data) throws IOException {
        if (schema.isArray()) {
            return value(schema.path((int) number(data)), data);
        }
        String type = schema.isTextual() ? schema.asText() : schema.path("type").asText();
        if (schema.path("type").isContainerNode()) {
            return value(schema.path("type"), data);
        }
        if (schema.path("name").isTextual()) {
            named.put(schema.path("name").asText(), schema);
        }
        return switch (type) {
            case "null" -> NODES.nullNode();
            case "boolean" -> NODES.booleanNode(data.readBoolean());
            case "int", "long" -> NODES.numberNode(number(data));
            case "float" -> NODES.numberNode(Float.intBitsToFloat(Integer.reverseBytes(data.readInt())));
            case "double" -> NODES.numberNode(Double.longBitsToDouble(Long.reverseBytes(data.readLong())));
            case "string" -> NODES.textNode(string(data));
            case "bytes" -> NODES.binaryNode(bytes(data));
            case "fixed" -> NODES.binaryNode(exactly(schema.path("size").asLong(), data));
            case "enum" -> schema.path("symbols").path((int) number(data));
            case "record" -> {
                ObjectNode object = NODES.objectNode();
                for (JsonNode field : schema.path("fields")) {
                    object.set(field.path("name").asText(), value(field.path("type"), data));
                }
                yield object;
            }
            case "array" -> {
                ArrayNode array = NODES.arrayNode();
                for (long count = blockCount(data); count > 0; count = blockCount(data)) {
                    for (long i = 0; i < count; i++) {
                        array.add(value(schema.path("items"), data));
                    }
                }
                yield array;
            }
            case "map" -> {
                ObjectNode object = NODES.objectNode();
                for (long count = blockCount(data); count > 0; count = blockCount(data)) {
                    for (long i = 0; i < count; i++) {
                        object.set(string(data), value(schema.path("values"), data));
                    }
                }
                yield object;
            }
            default -> {
                JsonNode known = named.get(type);
                if (known == null) {
                    throw new WrongAnswer("an Avro container has a type that is not known");
                }
                yield value(known, data);
            }
        };
    }

    /** A negative one is followed by the bytes of the block. */
    private static long blockCount(DataInputStream data) throws IOException {
        long count = number(data);
        if (count < 0) {
            number(data);
        }
        return Math.abs(count);
    }

    private static String string(DataInputStream data) throws IOException {
        return new String(bytes(data), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(DataInputStream data) throws IOException {
        return exactly(number(data), data);
    }

    private static byte[] exactly(long length, DataInputStream data) throws IOException {
        if (length < 0 || length > MOST_BYTES) {
            throw new WrongAnswer("an Avro container has a part of " + length + " bytes");
        }
        byte[] bytes = data.readNBytes((int) length);
        if (bytes.length < length) {
            throw new EOFException("an Avro container is cut");
        }
        return bytes;
    }

    private static long number(DataInputStream data) throws IOException {
        return number(data, data.readUnsignedByte());
    }

    /** Seven bits a byte, the lowest first; the lowest bit of all is the sign. */
    private static long number(DataInputStream data, int first) throws IOException {
        long value = first & 0x7F;
        int next = first;
        for (int shift = 7; (next & 0x80) != 0 && shift < Long.SIZE; shift += 7) {
            next = data.readUnsignedByte();
            value |= (long) (next & 0x7F) << shift;
        }
        return value >>> 1 ^ -(value & 1);
    }
}
