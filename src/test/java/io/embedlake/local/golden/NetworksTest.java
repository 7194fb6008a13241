package io.embedlake.local.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.local.family.Families;
import io.embedlake.local.family.ImageNetwork;
import io.embedlake.local.family.LayeredNetwork;
import io.embedlake.local.family.TextNetwork;
import io.embedlake.local.head.Head;
import io.embedlake.local.head.LayerChoice;
import io.embedlake.local.head.Module;
import io.embedlake.local.head.Pooling;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Parameters;
import io.embedlake.local.network.PixelBatch;
import io.embedlake.local.network.PixelFormat;
import io.embedlake.local.network.Precision;
import io.embedlake.local.network.Target;
import io.embedlake.local.network.TokenBatch;
import io.embedlake.local.network.TorchNetwork;
import io.embedlake.local.weights.Checkpoint;
import io.embedlake.spi.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every family and file format against what transformers computes, in 32 bits. */
class NetworksTest {
    private static final double TOLERANCE = 1e-4;
    private static final double UNIT_TOLERANCE = 1e-5;
    private static final List<String> CONFIGS = List.of("config.json", "config_v5.json", "config_hub.json");

    private static final List<Module> NONE = List.of();
    private static final List<Module> UNIT = List.of(new Module.Normalize());

    /** The heads that give what the fixtures expect, by the fixtures' names. */
    private static final Map<String, Head> HEADS = new TreeMap<>(Map.ofEntries(
            Map.entry("last_hidden_state", new Head.PerPart(LayerChoice.LAST)),
            Map.entry("mean", vectors("last", Pooling.MEAN, NONE)),
            Map.entry("mean_normalized", vectors("last", Pooling.MEAN, UNIT)),
            Map.entry("cls", vectors("last", Pooling.CLS, NONE)),
            Map.entry("cls_normalized", vectors("last", Pooling.CLS, UNIT)),
            Map.entry("max", vectors("last", Pooling.MAX, NONE)),
            Map.entry("max_normalized", vectors("last", Pooling.MAX, UNIT)),
            Map.entry("last_token", vectors("last", Pooling.LASTTOKEN, NONE)),
            Map.entry("last_token_normalized", vectors("last", Pooling.LASTTOKEN, UNIT)),
            Map.entry("weighted_mean", vectors("last", Pooling.WEIGHTEDMEAN, NONE)),
            Map.entry("mean_sqrt_len", vectors("last", Pooling.MEAN_SQRT_LEN, NONE)),
            Map.entry("pooler_output", vectors("last", Pooling.POOLER, NONE)),
            Map.entry("pooler_output_normalized", vectors("last", Pooling.POOLER, UNIT)),
            Map.entry("patch_mean", vectors("last", Pooling.PATCH_MEAN, NONE)),
            Map.entry("patch_mean_normalized", vectors("last", Pooling.PATCH_MEAN, UNIT)),
            Map.entry("image_embeds", vectors("last", Pooling.PROJECTION, NONE)),
            Map.entry("image_embeds_normalized", vectors("last", Pooling.PROJECTION, UNIT)),
            Map.entry("text_embeds", vectors("last", Pooling.PROJECTION, NONE)),
            Map.entry("text_embeds_normalized", vectors("last", Pooling.PROJECTION, UNIT)),
            Map.entry("second_to_last_mean", vectors("second-to-last", Pooling.MEAN, NONE)),
            Map.entry("sum_last_four_mean", vectors("sum-last-four", Pooling.MEAN, NONE)),
            Map.entry("mean_last_four_mean", vectors("mean-last-four", Pooling.MEAN, NONE)),
            Map.entry("concat_last_four_mean", vectors("concat-last-four", Pooling.MEAN, NONE)),
            Map.entry("concat_last_four_cls", vectors("concat-last-four", Pooling.CLS, NONE))));

    private static Head vectors(String layers, Pooling pooling, List<Module> modules) {
        return new Head.Pooled(LayerChoice.parse(layers), List.of(pooling), modules);
    }

    @TestFactory
    Stream<DynamicTest> everyTextFamilyGivesTheExpectedStatesAndVectors() {
        return Stream.concat(Golden.cases("tiny").stream(), Golden.cases("formats").stream())
                .filter(folder -> has(folder, "input_ids"))
                .flatMap(folder -> CONFIGS.stream()
                        .filter(config -> Files.isRegularFile(folder.resolve(config)))
                        .map(config -> DynamicTest.dynamicTest(
                                folder.getFileName() + " " + config, () -> compare(folder, folder.resolve(config)))));
    }

    @TestFactory
    Stream<DynamicTest> everyImageFamilyGivesTheExpectedStatesAndVectors() {
        return Golden.cases("tiny").stream()
                .filter(folder -> has(folder, "pixel_values"))
                .flatMap(folder -> CONFIGS.stream()
                        .filter(config -> Files.isRegularFile(folder.resolve(config)))
                        .map(config -> DynamicTest.dynamicTest(
                                folder.getFileName() + " " + config,
                                () -> compareImages(folder, folder.resolve(config)))));
    }

    private static boolean has(Path folder, String input) {
        for (JsonNode one : Golden.json(folder.resolve("cases.json")).path("cases")) {
            if (one.path("inputs").has(input)) {
                return true;
            }
        }
        return false;
    }

    /** With and without the size of the images known when the network is loaded. */
    private static void compareImages(Path folder, Path config) {
        int compared = 0;
        ImageNetwork body = Families.ofImages(NetworkConfig.read(config));
        for (JsonNode one : Golden.json(folder.resolve("cases.json")).path("cases")) {
            if (!one.path("inputs").has("pixel_values")) {
                continue;
            }
            PixelBatch batch = pixels(one.path("inputs").path("pixel_values"));
            PixelFormat.Size size = new PixelFormat.Size(batch.height(), batch.width());
            for (Optional<PixelFormat.Size> known : List.of(Optional.of(size), Optional.<PixelFormat.Size>empty())) {
                for (Map.Entry<String, JsonNode> expected : one.path("expected").properties()) {
                    String what = one.path("name").asText() + " " + expected.getKey();
                    double tolerance = expected.getKey().endsWith("_normalized") ? UNIT_TOLERANCE : TOLERANCE;
                    if (expected.getKey().equals("last_hidden_state")) {
                        try (TorchNetwork network = load(folder, config, HEADS.get("last_hidden_state"), known)) {
                            assertPatches(what, expected.getValue(), network.compute(batch), batch, body.before());
                        }
                    } else {
                        Head head = HEADS.get(expected.getKey());
                        assertNotNull(head, "unknown expectation: " + what);
                        try (TorchNetwork network = load(folder, config, head, known)) {
                            assertVectors(what, expected.getValue(), network.compute(batch), batch, tolerance);
                        }
                    }
                    compared++;
                }
            }
        }
        assertTrue(compared > 0, "nothing compared in " + folder);
    }

    private static PixelBatch pixels(JsonNode images) {
        int height = images.get(0).get(0).size();
        int width = images.get(0).get(0).get(0).size();
        List<float[]> pixels = new ArrayList<>();
        for (JsonNode image : images) {
            float[] one = new float[height * width * 3];
            for (int i = 0; i < one.length; i++) {
                one[i] = (float)
                        image.get(i % 3).get(i / 3 / width).get(i / 3 % width).asDouble();
            }
            pixels.add(one);
        }
        return PixelBatch.ofFloats(height, width, pixels);
    }

    private static void assertPatches(String what, JsonNode expected, float[] actual, PixelBatch batch, int before) {
        int perImage = actual.length / batch.images();
        for (int image = 0; image < batch.images(); image++) {
            JsonNode positions = expected.get(image);
            int width = positions.get(0).size();
            assertEquals((positions.size() - before) * width, perImage, what);
            for (int patch = 0; patch < positions.size() - before; patch++) {
                assertClose(
                        what + " image " + image + " patch " + patch,
                        positions.get(before + patch),
                        actual,
                        image * perImage + patch * width,
                        TOLERANCE);
            }
        }
    }

    private static void assertVectors(
            String what, JsonNode expected, float[] actual, PixelBatch batch, double tolerance) {
        assertEquals(batch.images(), expected.size(), what);
        int width = actual.length / batch.images();
        for (int image = 0; image < batch.images(); image++) {
            assertEquals(expected.get(image).size(), width, what);
            assertClose(what + " image " + image, expected.get(image), actual, image * width, tolerance);
        }
    }

    private static TorchNetwork load(Path folder, Path config, Head head, Optional<PixelFormat.Size> size) {
        ImageNetwork body = Families.ofImages(NetworkConfig.read(config));
        Network network =
                new Network(body.parameters(folder.toString(), Checkpoint.open(folder)), PixelFormat.normalized(size));
        return load(body, network, head);
    }

    private static TorchNetwork load(LayeredNetwork body, Network network, Head head) {
        return TorchNetwork.load(
                Engine.getEngine("PyTorch"),
                ai.djl.Device.cpu(),
                network.program(head.write(body, network), new Target(Device.CPU, Precision.FP32)));
    }

    private static void compare(Path folder, Path config) {
        Map<String, TorchNetwork> networks = new TreeMap<>();
        TextNetwork body = Families.ofTexts(NetworkConfig.read(config));
        int compared = 0;
        try {
            for (JsonNode one : Golden.json(folder.resolve("cases.json")).path("cases")) {
                if (!one.path("inputs").has("input_ids")) {
                    continue;
                }
                List<TokenBatch.Sequence> sequences = sequences(one.path("inputs"), body);
                TokenBatch batch = TokenBatch.of(sequences, body.padding());
                for (Map.Entry<String, JsonNode> expected : one.path("expected").properties()) {
                    String what = folder.getFileName() + " " + one.path("name").asText() + " " + expected.getKey();
                    compared += expected.getKey().equals("hidden_states")
                            ? hiddenStates(what, folder, config, batch, expected.getValue())
                            : expected(what, networks, folder, config, batch, expected.getKey(), expected.getValue());
                }
            }
        } finally {
            networks.values().forEach(TorchNetwork::close);
        }
        assertTrue(compared > 0, "nothing compared in " + folder);
    }

    private static int expected(
            String what,
            Map<String, TorchNetwork> networks,
            Path folder,
            Path config,
            TokenBatch batch,
            String key,
            JsonNode values) {
        Head head = HEADS.get(key);
        if (head == null) {
            assertTrue(key.startsWith("logit"), "unknown expectation: " + what);
            return 0;
        }
        TorchNetwork network = networks.computeIfAbsent(key, ignored -> load(folder, config, head));
        double tolerance = key.endsWith("_normalized") ? UNIT_TOLERANCE : TOLERANCE;
        assertClose(what, values, network.compute(batch), batch, tolerance);
        return 1;
    }

    private static int hiddenStates(String what, Path folder, Path config, TokenBatch batch, JsonNode values) {
        for (int layer = 0; layer < values.size(); layer++) {
            Head head = new Head.PerPart(LayerChoice.parse(String.valueOf(layer)));
            try (TorchNetwork network = load(folder, config, head)) {
                assertClose(what + " " + layer, values.get(layer), network.compute(batch), batch, TOLERANCE);
            }
        }
        assertFalse(values.isEmpty());
        return values.size();
    }

    static TorchNetwork load(Path folder, Path config, Head head) {
        TextNetwork body = Families.ofTexts(NetworkConfig.read(config));
        Parameters parameters = Parameters.of(folder.toString(), Checkpoint.open(folder), body.anchor());
        Network network = new Network(parameters);
        return load(body, network, head);
    }

    /** The valid positions of each text, wherever the padding was. */
    private static List<TokenBatch.Sequence> sequences(JsonNode inputs, TextNetwork body) {
        List<TokenBatch.Sequence> sequences = new ArrayList<>();
        for (int text = 0; text < inputs.path("input_ids").size(); text++) {
            long[] ids = Golden.longs(inputs.path("input_ids").get(text));
            long[] mask = inputs.has("attention_mask") && !body.readsPadding()
                    ? Golden.longs(inputs.path("attention_mask").get(text))
                    : new long[0];
            long[] types = inputs.has("token_type_ids")
                    ? Golden.longs(inputs.path("token_type_ids").get(text))
                    : new long[ids.length];
            int[] valid = java.util.stream.IntStream.range(0, ids.length)
                    .filter(i -> mask.length == 0 || mask[i] == 1)
                    .toArray();
            sequences.add(new TokenBatch.Sequence(
                    java.util.Arrays.stream(valid).mapToLong(i -> ids[i]).toArray(),
                    java.util.Arrays.stream(valid).mapToLong(i -> types[i]).toArray(),
                    0));
        }
        return sequences;
    }

    /** Compares vectors of texts, or of the valid positions of each text. */
    private static void assertClose(
            String what, JsonNode expected, float[] actual, TokenBatch batch, double tolerance) {
        assertEquals(batch.texts(), expected.size(), what);
        for (int text = 0; text < batch.texts(); text++) {
            JsonNode one = expected.get(text);
            int perText = actual.length / batch.texts();
            if (one.get(0).isArray()) {
                assertEquals(batch.lengths()[text], one.size(), what);
                for (int position = 0; position < one.size(); position++) {
                    int width = perText / batch.length();
                    assertClose(
                            what + " text " + text + " position " + position,
                            one.get(position),
                            actual,
                            text * perText + position * width,
                            tolerance);
                }
            } else {
                assertEquals(perText, one.size(), what);
                assertClose(what + " text " + text, one, actual, text * perText, tolerance);
            }
        }
    }

    private static void assertClose(String what, JsonNode expected, float[] actual, int at, double tolerance) {
        for (int i = 0; i < expected.size(); i++) {
            double wanted = expected.get(i).asDouble();
            assertEquals(wanted, actual[at + i], tolerance * Math.max(1, Math.abs(wanted)), what + " number " + i);
        }
    }
}
