package io.embedlake.local.golden;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Settings of single families, one changed at a time; which of them change vectors was found out with sentence-transformers 6.0.1 on
 * transformers 5.18.0.
 */
class FamilySettingsTest {
    private static final Platform PLATFORM = Platforms.named("huggingface");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TEXTS = List.of(
            "hello world",
            "数据 and ünïcödé 東京",
            "``quoted'' text",
            "the quick brown fox jumps over the lazy dog ".repeat(5));

    @TempDir
    private Path temporary;

    private Path copy(String family) throws IOException {
        Path from = Golden.folder("tiny").resolve(family);
        Path to = Files.createDirectory(
                temporary.resolve(family + Files.list(temporary).count()));
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(from.resolve(name), to.resolve(name));
        }
        Files.writeString(to.resolve("sentence_bert_config.json"), "{\"max_seq_length\": 40}");
        return to;
    }

    private static void change(Path file, Consumer<ObjectNode> change) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(file.toFile());
        change.accept(json);
        JSON.writeValue(file.toFile(), json);
    }

    private static void tokenizerClass(Path folder, String name) throws IOException {
        change(folder.resolve("tokenizer_config.json"), config -> config.put("tokenizer_class", name));
    }

    /** The object at a path such as {@code model} or {@code post_processor.single}. */
    private static JsonNode at(JsonNode json, String path) {
        return json.at("/" + path.replace('.', '/'));
    }

    private static void set(ObjectNode json, String path, String value) {
        int last = path.lastIndexOf('.');
        ObjectNode owner = last < 0 ? json : (ObjectNode) at(json, path.substring(0, last));
        try {
            owner.set(path.substring(last + 1), JSON.readTree(value.replace('\'', '"')));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static List<float[]> vectors(Path folder) {
        EmbedderRequest request = new EmbedderRequest(
                Optional.of(folder.toString()), Map.of("precision", "fp32", "pooling", "mean", "normalize", "false"));
        try (Embedder embedder = PLATFORM.load(PLATFORM.describe(request), Device.CPU);
                EmbeddingSession session = embedder.open()) {
            return TEXTS.stream()
                    .map(text -> session.embed(List.of(session.encode(text))).get(0))
                    .toList();
        }
    }

    private static void assertSame(List<float[]> expected, List<float[]> actual) {
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), 1e-5f, TEXTS.get(i));
        }
    }

    /** Classes fix these themselves, whatever the file says. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    roberta     | RobertaTokenizer    | model.dropout                                | 1
                    roberta     | RobertaTokenizer    | model.fuse_unk                               | true
                    xlm-roberta | XLMRobertaTokenizer | model.unk_id                                 | 4
                    xlm-roberta | XLMRobertaTokenizer | post_processor.special_tokens.<s>.ids        | []
                    xlm-roberta | XLMRobertaTokenizer | post_processor.special_tokens                | {}
                    deberta-v2  | DebertaV2Tokenizer  | model.unk_id                                 | 7
                    albert      | AlbertTokenizer     | model.unk_id                                 | 2
                    """)
    void classesIgnoreWhatTheyFix(String family, String tokenizerClass, String path, String value) throws IOException {
        Path folder = copy(family);
        tokenizerClass(folder, tokenizerClass);
        List<float[]> expected = vectors(folder);
        change(folder.resolve("tokenizer.json"), json -> set(json, path, value));
        assertSame(expected, vectors(folder));
    }

    @Test
    void albertsClassTakesWhatTheFilePutsAroundATextAndOnlyElseItsOwn() throws IOException {
        Path folder = copy("albert");
        tokenizerClass(folder, "AlbertTokenizer");
        List<float[]> both = vectors(folder);
        Consumer<ObjectNode> withoutEnd = json -> ((ArrayNode) at(json, "post_processor.single")).remove(2);
        change(folder.resolve("tokenizer.json"), withoutEnd);
        Path asTheFileSays = copy("albert");
        change(asTheFileSays.resolve("tokenizer.json"), withoutEnd);
        List<float[]> one = vectors(folder);
        assertSame(vectors(asTheFileSays), one);
        assertFalse(Arrays.equals(both.get(0), one.get(0)));
        change(folder.resolve("tokenizer.json"), json -> json.putNull("post_processor"));
        assertSame(both, vectors(folder));
    }

    /** Rotary and relative positions have no end: the length that the folder sets counts, and not that of the training. */
    @ParameterizedTest
    @CsvSource({"qwen3", "embedding-gemma", "modernbert", "nomic-bert"})
    void computedPositionsGoOnBehindThoseOfTheTraining(String family) throws IOException {
        Path folder = copy(family);
        List<float[]> expected = vectors(folder);
        change(folder.resolve("config.json"), json -> Stream.of("max_position_embeddings", "n_positions")
                .filter(json::has)
                .forEach(name -> json.put(name, 24)));
        assertSame(expected, vectors(folder));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    embedding-gemma | is_causal       | false                                           | is_causal is false
                    modernbert      | sliding_window  | 3                                               | sliding_window
                    qwen3           | rope_scaling    | {'rope_type': 'yarn', 'factor': 4}              | scaled by yarn
                    """)
    void whatIsNotBuiltIsRefused(String family, String setting, String value, String rule) throws IOException {
        Path folder = copy(family);
        change(folder.resolve("config.json"), json -> set(json, setting, value));
        assertMisconfigured(() -> vectors(folder), rule);
    }

    @Test
    void rotaryPositionsAreDescribedOnce() throws IOException {
        Path folder = copy("qwen3");
        change(folder.resolve("config.json"), json -> {
            set(json, "rope_parameters", "{'rope_type': 'default', 'rope_theta': 10000.0}");
            set(json, "rope_scaling", "{'rope_type': 'linear', 'factor': 2.0}");
        });
        assertMisconfigured(() -> vectors(folder), "rope_parameters and rope_scaling");
    }
}
