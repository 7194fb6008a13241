package io.embedlake.local.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.spi.EmbedlakeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A file of the format safetensors: eight bytes with the length of a header, the header in JSON, the data. Source: the
 * format's description in the repository huggingface/safetensors. Everything is checked when the file is opened: types,
 * shapes, and that the tensors' data follow each other without holes or overlaps up to the end of the file.
 */
record Safetensors(WeightsFile file, long dataStart, Map<String, Entry> entries) implements Weights {
    private static final int LENGTH_BYTES = 8;
    private static final long LONGEST_HEADER = 100_000_000;
    private static final String METADATA = "__metadata__";
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private record Entry(String name, ElementType type, long[] shape, long begin, long end) {}

    /**
     * Opens a file.
     *
     * @throws EmbedlakeException {@link io.embedlake.spi.ErrorKind#CONFIGURATION} when it is damaged, naming the tensor
     */
    static Safetensors open(Path path) {
        WeightsFile file = WeightsFile.of(path);
        if (file.size() < LENGTH_BYTES) {
            throw file.refuse("it has " + file.size() + " bytes, too few for a header");
        }
        long headerLength = file.map(0, LENGTH_BYTES, "the header's length").getLong(0);
        if (headerLength < 0 || headerLength > LONGEST_HEADER || headerLength > file.size() - LENGTH_BYTES) {
            throw file.refuse("its header is said to have " + Long.toUnsignedString(headerLength)
                    + " bytes, more than the file or than " + LONGEST_HEADER);
        }
        long dataStart = LENGTH_BYTES + headerLength;
        Map<String, Entry> entries = new TreeMap<>();
        header(file, headerLength).properties().forEach(field -> {
            if (!field.getKey().equals(METADATA)) {
                entries.put(field.getKey(), entry(file, field.getKey(), field.getValue()));
            }
        });
        requireWithoutHoles(file, entries, file.size() - dataStart);
        return new Safetensors(file, dataStart, entries);
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    @Override
    public Tensor tensor(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("no tensor " + name + " in " + file.path());
        }
        return new Tensor(
                name,
                entry.type,
                entry.shape,
                file.map(dataStart + entry.begin, entry.end - entry.begin, "the tensor " + name));
    }

    private static JsonNode header(WeightsFile file, long length) {
        byte[] bytes = new byte[(int) length];
        file.map(LENGTH_BYTES, length, "the header").get(bytes);
        try {
            JsonNode header = JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
            if (header != null && header.isObject()) {
                return header;
            }
        } catch (IOException e) {
            // Told below, without the parser's words: they quote the file.
        }
        throw file.refuse("its header is not a JSON object");
    }

    private static Entry entry(WeightsFile file, String name, JsonNode json) {
        String tensor = "the tensor " + name;
        ElementType type = ElementType.named(json.path("dtype").asText())
                .orElseThrow(() -> file.refuse(tensor + " has the type " + json.path("dtype") + "; known are "
                        + List.of(ElementType.values())));
        long[] shape = numbers(file, tensor + "'s shape", json.path("shape"));
        long[] offsets = numbers(file, tensor + "'s data_offsets", json.path("data_offsets"));
        if (offsets.length != 2 || offsets[0] < 0 || offsets[1] < offsets[0]) {
            throw file.refuse(
                    tensor + " has the data_offsets " + json.path("data_offsets") + ", which are no range of bytes");
        }
        long elements = Shapes.elements(shape)
                .orElseThrow(() -> file.refuse(tensor + " has the impossible shape " + Arrays.toString(shape)));
        if (offsets[1] - offsets[0] != elements * type.bytes()) {
            throw file.refuse(tensor + " has " + (offsets[1] - offsets[0]) + " bytes, and its type " + type
                    + " and shape " + Arrays.toString(shape) + " ask for " + elements * type.bytes());
        }
        return new Entry(name, type, shape, offsets[0], offsets[1]);
    }

    private static long[] numbers(WeightsFile file, String what, JsonNode json) {
        if (!json.isArray()) {
            throw file.refuse(what + " is no list of numbers");
        }
        long[] numbers = new long[json.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!json.get(i).isIntegralNumber() || !json.get(i).canConvertToLong()) {
                throw file.refuse(what + " is no list of whole numbers");
            }
            numbers[i] = json.get(i).asLong();
        }
        return numbers;
    }

    private static void requireWithoutHoles(WeightsFile file, Map<String, Entry> entries, long dataLength) {
        long end = 0;
        String previous = "the header";
        for (Entry entry : entries.values().stream()
                .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end))
                .toList()) {
            if (entry.end > dataLength) {
                throw file.refuse("the tensor " + entry.name + " ends " + (entry.end - dataLength)
                        + " bytes after the end of the file");
            }
            if (entry.begin != end) {
                throw file.refuse("the tensor " + entry.name
                        + (entry.begin < end ? " lies over " : " leaves a hole after ") + previous);
            }
            end = entry.end;
            previous = "the tensor " + entry.name;
        }
        if (end != dataLength) {
            throw file.refuse((dataLength - end) + " bytes at its end belong to no tensor");
        }
    }
}
