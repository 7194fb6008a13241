package io.embedlake.local.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whole folders of sentence-transformers: tokens and vectors of every text, with every prompt, as a job would get them. */
class SentenceTransformersTest {
    private static final double TOLERANCE = 1e-4;
    private static final double UNIT_TOLERANCE = 1e-5;
    private static final String WITHOUT_PROMPT_NAME = "documents";
    private static final Platform PLATFORM = Platforms.named("huggingface");

    @TestFactory
    Stream<DynamicTest> everyFolderGivesTheExpectedVectors() {
        return Golden.cases("st").stream()
                .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> compare(folder)));
    }

    private static void compare(Path folder) {
        JsonNode cases = Golden.json(folder.resolve("cases.json"));
        for (JsonNode set : cases.path("sets")) {
            Map<String, String> options = new TreeMap<>(Map.of("precision", "fp32"));
            if (set.path("prompt_name").isTextual()
                    && !set.path("prompt_name").asText().equals(WITHOUT_PROMPT_NAME)) {
                options.put("prompt-name", set.path("prompt_name").asText());
            }
            EmbedderSpec spec = PLATFORM.describe(new EmbedderRequest(Optional.of(folder.toString()), options));
            assertEquals(
                    set.path("prompt").asText("").equals("null")
                            ? ""
                            : set.path("prompt").asText(""),
                    spec.settings().getOrDefault("prompt", ""),
                    folder + " " + options);
            compare(folder.getFileName() + " " + set.path("prompt_name"), cases.path("texts"), set, spec);
        }
        assertTrue(cases.path("sets").size() > 0);
    }

    private static void compare(String what, JsonNode texts, JsonNode set, EmbedderSpec spec) {
        boolean isUnit = spec.setting("normalize").equals("true");
        try (Embedder embedder = PLATFORM.load(spec, Device.CPU);
                EmbeddingSession session = embedder.open()) {
            List<EncodedInput> all = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                all.add(session.encode(texts.get(i).asText()));
                assertEquals(set.path("input_ids").get(i).size(), all.get(i).tokens(), what + ": tokens of text " + i);
            }
            List<float[]> together = session.embed(all);
            for (int i = 0; i < texts.size(); i++) {
                float[] expected = Golden.floats(set.path("vectors").get(i));
                assertClose(what + " text " + i + " in a batch", expected, together.get(i), isUnit);
                assertClose(
                        what + " text " + i,
                        expected,
                        session.embed(List.of(all.get(i))).get(0),
                        isUnit);
            }
        }
    }

    private static void assertClose(String what, float[] expected, float[] actual, boolean isUnit) {
        assertEquals(expected.length, actual.length, what);
        double most = 1;
        for (float value : expected) {
            most = Math.max(most, Math.abs(value));
        }
        assertArrayEquals(expected, actual, (float) (isUnit ? UNIT_TOLERANCE : TOLERANCE * most), what);
    }
}
