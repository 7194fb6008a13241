package io.embedlake.local.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.testing.Property;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that PyTorch and safetensors wrote, and files that somebody damaged. */
class CheckpointTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final String QUERY = "encoder.layer.0.attention.self.query.weight";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert-safetensors-sharded",
                "bert-bin-zip",
                "bert-bin-legacy",
                "bert-bin-views",
                "bert-bin-sharded",
                "bert-gamma-beta"
            })
    void everyLayoutHasTheSameNumbers(String layout) {
        Weights expected = Checkpoint.open(GOLDEN.resolve("formats/bert-safetensors"));
        Weights weights = Checkpoint.open(GOLDEN.resolve("formats").resolve(layout));
        Set<String> compared = new TreeSet<>();
        for (String name : weights.names()) {
            String modern =
                    name.replace("LayerNorm.gamma", "LayerNorm.weight").replace("LayerNorm.beta", "LayerNorm.bias");
            if (expected.names().contains(modern)) {
                Tensor tensor = weights.tensor(name);
                assertArrayEquals(expected.tensor(modern).shape(), tensor.shape(), name);
                assertArrayEquals(expected.tensor(modern).floats(), tensor.floats(), name);
                compared.add(modern);
            }
        }
        assertEquals(expected.names(), compared);
    }

    @ParameterizedTest
    @CsvSource({
        "bert-safetensors-fp16, F16, 0.001",
        "bert-bin-fp16, F16, 0.001",
        "bert-safetensors-bf16, BF16, 0.01",
        "bert-bin-bf16, BF16, 0.01"
    })
    void halfPrecisionIsReadAsItIs(String layout, ElementType type, double tolerance) {
        Weights expected = Checkpoint.open(GOLDEN.resolve("formats/bert-safetensors"));
        Weights weights = Checkpoint.open(GOLDEN.resolve("formats").resolve(layout));
        Tensor tensor = weights.tensor(QUERY);
        assertEquals(type, tensor.type());
        float[] wide = expected.tensor(QUERY).floats();
        float[] half = tensor.floats();
        for (int i = 0; i < wide.length; i++) {
            assertEquals(wide[i], half[i], tolerance * Math.max(1, Math.abs(wide[i])));
        }
        assertFalse(Arrays.equals(wide, half), "rounded numbers differ from the original");
    }

    @Test
    void aFileMayMixTypes() {
        Weights weights = Checkpoint.open(GOLDEN.resolve("formats/bert-safetensors-mixed"));
        Set<ElementType> types = new TreeSet<>();
        weights.names().forEach(name -> types.add(weights.tensor(name).type()));
        assertTrue(
                types.containsAll(
                        List.of(ElementType.F64, ElementType.F32, ElementType.F16, ElementType.BF16, ElementType.I64)),
                types.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "pickle-os-system-zip, asks for",
        "pickle-os-system-legacy, asks for",
        "pickle-eval-zip, asks for",
        "pickle-plain, neither an archive of PyTorch's nor its older layout",
        "truncated, after the end of the file",
        "truncated-header, 'its header is said to have'",
        "empty, it has 0 bytes",
        "header-too-long, its header is said to have 4611686018427387904 bytes",
        "header-not-json, its header is not a JSON object",
        "overlapping-offsets, lies over",
        "offset-out-of-range, pooler.dense.weight ends 4096 bytes after the end of the file",
        "offset-reversed, pooler.dense.weight has the data_offsets",
        "offset-negative, pooler.dense.weight has the data_offsets",
        "shape-not-size, encoder.layer.0.attention.self.query.weight has",
        "shape-overflow, encoder.layer.0.attention.self.query.weight has the impossible shape",
        "shape-negative, encoder.layer.0.attention.self.query.weight has the impossible shape",
        "dtype-unknown, Q99",
        "index-missing-shard, which is not there",
        "index-outside-folder, an index names only files of its own folder",
        "bin-truncated, it is cut off"
    })
    void damagedAndHostileFilesAreRefused(String name, String reason) {
        EmbedlakeException refusal = assertThrows(
                EmbedlakeException.class,
                () -> Checkpoint.open(GOLDEN.resolve("malformed").resolve(name)));
        assertEquals(ErrorKind.CONFIGURATION, refusal.kind());
        String message = refusal.getMessage();
        assertTrue(message.contains(reason), message);
        assertTrue(message.startsWith("Cannot read the weights ") && message.contains(name), message);
        assertEquals(1, message.lines().count(), message);
        assertFalse(Files.exists(Path.of("PWNED")), "a pickle was run");
    }

    @Test
    void anUndamagedFileOfTheSameKindLoads() {
        assertTrue(Checkpoint.open(GOLDEN.resolve("malformed/good-reference"))
                .names()
                .contains(QUERY));
    }

    @Test
    void aFolderWithoutWeightsIsTold() {
        assertTrue(Checkpoint.find(folder).isEmpty());
        EmbedlakeException refusal = assertThrows(EmbedlakeException.class, () -> Checkpoint.open(folder));
        assertTrue(refusal.getMessage().contains("it has none of model.safetensors"), refusal.getMessage());
    }

    /** Whatever is cut off or overwritten, the answer is weights or a sentence: no other exception, no endless loop. */
    @ParameterizedTest
    @CsvSource({
        "bert-safetensors, model.safetensors",
        "bert-bin-zip, pytorch_model.bin",
        "bert-bin-legacy, pytorch_model.bin"
    })
    void randomDamageGivesWeightsOrASentence(String layout, String file) throws IOException {
        byte[] whole =
                Files.readAllBytes(GOLDEN.resolve("formats").resolve(layout).resolve(file));
        Property.holds(300, random -> {
            byte[] damaged =
                    random.nextInt(4) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int i = random.nextInt(8); i > 0 && damaged.length > 0; i--) {
                int reach = random.nextBoolean() ? Math.min(damaged.length, 2500) : damaged.length;
                damaged[random.nextInt(reach)] = (byte) random.nextInt(256);
            }
            try {
                Path path = Files.createDirectories(folder.resolve("damaged" + random.nextLong()))
                        .resolve(file);
                Files.write(path, damaged);
                Weights weights = Checkpoint.open(path.getParent());
                weights.names().forEach(name -> weights.tensor(name).floats());
            } catch (EmbedlakeException e) {
                assertEquals(ErrorKind.CONFIGURATION, e.kind());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void halvesAreReadToTheLastBit() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        int[] bits = {0x3c00, 0xc000, 0x0001, 0x8001, 0x7bff, 0x7c00, 0xfc00, 0x8000};
        for (int half : bits) {
            data.putShort((short) half);
        }
        Files.write(folder.resolve("model.safetensors"), safetensors("F16", "[8]", data.array()));
        assertArrayEquals(
                new float[] {1, -2, 0x1p-24f, -0x1p-24f, 65504, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f},
                Checkpoint.open(folder).tensor("t").floats());
    }

    @Test
    void aNameThatComesTwiceIsRefused() throws IOException {
        byte[] header = ("{\"t\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                        + "\"t\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}")
                .getBytes(StandardCharsets.UTF_8);
        Files.write(folder.resolve("model.safetensors"), file(header, new byte[1]));
        assertThrows(EmbedlakeException.class, () -> Checkpoint.open(folder));
    }

    @Test
    void bytesThatBelongToNoTensorAreRefused() throws IOException {
        Files.write(folder.resolve("model.safetensors"), safetensors("U8", "[3]", new byte[4]));
        EmbedlakeException refusal = assertThrows(EmbedlakeException.class, () -> Checkpoint.open(folder));
        assertTrue(refusal.getMessage().contains("1 bytes at its end belong to no tensor"), refusal.getMessage());
    }

    private static byte[] safetensors(String type, String shape, byte[] data) {
        int bytes = ElementType.valueOf(type).bytes() * Integer.parseInt(shape.substring(1, shape.length() - 1));
        String header =
                "{\"t\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":[0," + bytes + "]}}";
        return file(header.getBytes(StandardCharsets.UTF_8), data);
    }

    private static byte[] file(byte[] header, byte[] data) {
        return ByteBuffer.allocate(8 + header.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(data)
                .array();
    }
}
