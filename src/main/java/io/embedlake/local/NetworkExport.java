package io.embedlake.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.local.family.TextNetwork;
import io.embedlake.local.network.Precision;
import io.embedlake.local.network.Program;
import io.embedlake.local.weights.ElementType;
import io.embedlake.local.weights.SafetensorsWriter;
import io.embedlake.local.weights.Tensor;
import io.embedlake.spi.Input;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A network for texts as one file, for a machine that has libtorch and no JVM, such as one with a GPU and PyTorch: a zip of
 *
 * <ul>
 *   <li>{@code program.pt}, what libtorch loads; its method {@code load} takes the weights,
 *   <li>{@code weights.safetensors}, named 0, 1, ... in the order in which {@code load} takes them,
 *   <li>{@code texts.jsonl}, and {@code texts.safetensors}: {@code ids} and {@code types} of all texts one behind the other, each text's
 *       {@code lengths} and {@code starts}, and {@code expected}, the vectors of the first of them in 32 bits,
 *   <li>{@code export.json}: the model, precision, device, and the id that fills up short texts.
 * </ul>
 *
 * Immutable.
 *
 * @param model the model's label
 * @param precision what the program computes with
 * @param device where, as libtorch names it
 * @param program the program, and its weights as they lie in the checkpoint
 * @param body the network
 * @param texts the texts
 * @param tokens their tokens
 * @param expected the vectors of the first texts in 32 bits
 */
record NetworkExport(
        String model,
        Precision precision,
        String device,
        Program program,
        TextNetwork body,
        List<Input> texts,
        List<TokenIds> tokens,
        List<float[]> expected) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Writes the file. */
    void write(Path file) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            begin(zip, "program.pt").write(program.archive());
            SafetensorsWriter.write(weights(), begin(zip, "weights.safetensors"));
            OutputStream lines = begin(zip, "texts.jsonl");
            for (Input text : texts) {
                lines.write(JSON.writeValueAsBytes(Map.of("text", ((Input.Text) text).text())));
                lines.write('\n');
            }
            SafetensorsWriter.write(encoded(), begin(zip, "texts.safetensors"));
            begin(zip, "export.json")
                    .write(JSON.writerWithDefaultPrettyPrinter()
                            .writeValueAsString(about())
                            .getBytes(StandardCharsets.UTF_8));
        }
    }

    private static OutputStream begin(ZipOutputStream zip, String name) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        return zip;
    }

    private Map<String, Object> about() {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("model", model);
        about.put("precision", precision.toString());
        about.put("device", device);
        about.put("padding", body.padding());
        about.put("texts", texts.size());
        about.put("tokens", tokens.stream().mapToLong(TokenIds::tokens).sum());
        return about;
    }

    /** Matrices in the precision of the program: half the bytes. What is small stays exact. */
    private List<Tensor> weights() {
        ElementType narrow =
                switch (precision) {
                    case FP32 -> ElementType.F32;
                    case FP16 -> ElementType.F16;
                    case BF16 -> ElementType.BF16;
                };
        return IntStream.range(0, program.weights().size())
                .mapToObj(i -> {
                    Tensor weight = program.weights().get(i);
                    boolean isLarge = weight.type() == ElementType.F32 && weight.shape().length > 1;
                    return (isLarge ? weight.as(narrow) : weight).named(Integer.toString(i));
                })
                .toList();
    }

    private List<Tensor> encoded() {
        List<Tensor> encoded = new ArrayList<>();
        encoded.add(numbers("ids", tokens.stream().map(TokenIds::ids).toList()));
        encoded.add(numbers("types", tokens.stream().map(TokenIds::types).toList()));
        encoded.add(numbers(
                "lengths", List.of(tokens.stream().mapToLong(TokenIds::tokens).toArray())));
        encoded.add(numbers(
                "starts", List.of(tokens.stream().mapToLong(TokenIds::start).toArray())));
        int width = expected.get(0).length;
        ByteBuffer vectors = bytes(expected.size() * width * Float.BYTES);
        expected.forEach(vector -> {
            for (float value : vector) {
                vectors.putFloat(value);
            }
        });
        encoded.add(new Tensor("expected", ElementType.F32, new long[] {expected.size(), width}, vectors.flip()));
        return encoded;
    }

    private static Tensor numbers(String name, List<long[]> parts) {
        int count = parts.stream().mapToInt(part -> part.length).sum();
        ByteBuffer numbers = bytes(count * Integer.BYTES);
        for (long[] part : parts) {
            for (long number : part) {
                numbers.putInt((int) number);
            }
        }
        return new Tensor(name, ElementType.I32, new long[] {count}, numbers.flip());
    }

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
