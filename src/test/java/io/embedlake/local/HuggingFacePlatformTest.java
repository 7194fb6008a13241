package io.embedlake.local;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.TokenCounter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFacePlatformTest {
    private static final List<String> SOME_TEXTS = GoldenText.TEXTS.subList(0, 6);

    @TempDir
    Path folder;

    @Test
    void theDefaultModelIsFullyDescribed() {
        Map<String, String> settings = MiniLm.SPEC.settings();
        assertEquals("sentence-transformers/all-MiniLM-L6-v2", MiniLm.SPEC.requiredModel());
        assertEquals("mean", settings.get("pooling"));
        assertEquals("true", settings.get("normalize"));
        assertEquals("256", settings.get("max-tokens"));
        assertEquals(MiniLm.FILES.weightsHash(), settings.get("weights-sha256"));
    }

    @Test
    void theNetworkThatIsBuiltGivesTheVectorsOfOnnxRuntime() throws IOException {
        EmbedderSpec onnx = MiniLm.describe(MiniLm.directory(folder), Map.of("normalize", "true"));
        try (Embedder embedder = MiniLm.PLATFORM.load(onnx, Device.CPU)) {
            List<Outcome.Embedded> expected = MiniLm.embed(embedder, SOME_TEXTS);
            List<Outcome.Embedded> built = MiniLm.embed(MiniLm.EMBEDDER, SOME_TEXTS);
            for (int i = 0; i < expected.size(); i++) {
                assertArrayEquals(expected.get(i).vector(), built.get(i).vector(), 1e-5f);
                assertEquals(expected.get(i).tokens(), built.get(i).tokens());
            }
        }
    }

    @Test
    void queriesMayHaveAPromptOfTheirOwnAndTheColumnDoesNotChange() {
        Path model = Path.of("src/test/resources/golden/st/prompts-included");
        EmbedderSpec plain = MiniLm.describe(model, Map.of("prompt-name", "passage"));
        EmbedderRequest request = new EmbedderRequest(
                Optional.of(model.toString()), Map.of("prompt-name", "passage", "query-prompt-name", "query"));
        EmbedderSpec column = MiniLm.describe(model, request.options());
        assertEquals(plain.fingerprint(), column.fingerprint());
        EmbedderSpec query = MiniLm.PLATFORM.forQueries(request, column);
        assertEquals("query: ", query.setting("prompt"));
        assertEquals("passage: ", column.setting("prompt"));
        assertEquals(column.setting("precision"), query.setting("precision"));
        assertEquals(plain, MiniLm.PLATFORM.forQueries(new EmbedderRequest(Optional.empty(), Map.of()), plain));
        assertMisconfigured(
                () -> MiniLm.PLATFORM.forQueries(
                        new EmbedderRequest(Optional.empty(), Map.of("query-prompt-name", "question")), column),
                "it has no prompt question (it has [document, passage, query])");
    }

    @Test
    void aFolderThatSaysNothingIsPooledByTheMeanAndNotNormalizedAndThatIsNoted() throws IOException {
        EmbedderSpec spec = MiniLm.describe(MiniLm.directory(folder), Map.of());
        assertEquals("mean", spec.setting("pooling"));
        assertEquals("false", spec.setting("normalize"));
        assertEquals(
                List.of(
                        "The model does not say how it is pooled: the mean of the last layer is assumed.",
                        "The model does not say whether its vectors have length 1: they are left as they are."),
                spec.notes());
        assertEquals(List.of(), MiniLm.SPEC.notes());
    }

    @ParameterizedTest
    @CsvSource({"pooling, cls", "max-tokens, 128", "normalize, false"})
    void whatChangesVectorsChangesTheFingerprint(String option, String value) {
        assertNotEquals(
                MiniLm.SPEC.fingerprint(),
                MiniLm.describe(Optional.empty(), Map.of(option, value)).fingerprint());
    }

    @ParameterizedTest
    @CsvSource({"pooling, mean", "max-tokens, 256", "normalize, true"})
    void spellingOutADefaultDoesNot(String option, String value) {
        assertEquals(MiniLm.SPEC, MiniLm.describe(Optional.empty(), Map.of(option, value)));
    }

    @Test
    void aChangedByteInTheTokenizerChangesTheFingerprint() throws IOException {
        MiniLm.directory(folder);
        Files.writeString(
                folder.resolve("tokenizer.json"),
                Files.readString(folder.resolve("tokenizer.json")).replaceFirst("\"\\[UNK\\]\"", "\"[unk]\""));
        assertNotEquals(
                MiniLm.SPEC.fingerprint(), MiniLm.describe(folder, Map.of()).fingerprint());
    }

    @Test
    void refusesToLoadOtherWeightsThanTheJobWasPlannedWith() throws IOException {
        MiniLm.directory(folder);
        assertLoadRefused(
                changed(MiniLm.describe(folder, Map.of()), "weights-sha256"),
                folder.resolve("model.onnx") + " (its content differs from what the job was planned with). Use the same"
                        + " files on every machine and start the job again.");
    }

    @Test
    void refusesToLoadAnotherTokenizerThanTheJobWasPlannedWith() throws IOException {
        MiniLm.directory(folder);
        EmbedderSpec spec = MiniLm.describe(folder, Map.of());
        Files.writeString(folder.resolve("tokenizer.json"), "\n", java.nio.file.StandardOpenOption.APPEND);
        assertLoadRefused(
                spec,
                folder.resolve("tokenizer.json") + " (its content differs from what the job was planned with). Use the"
                        + " same files on every machine and start the job again.");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 1_000_000})
    void saysThatTheNetworkIsDamaged(int bytesLeft) throws IOException {
        Files.copy(MiniLm.FILES.tokenizer(), folder.resolve("tokenizer.json"));
        try (InputStream weights = Files.newInputStream(MiniLm.FILES.weights())) {
            Files.write(folder.resolve("model.onnx"), weights.readNBytes(bytesLeft));
        }
        assertLoadRefused(
                MiniLm.describe(folder, Map.of()),
                "Cannot use the model " + folder + ": " + folder.resolve("model.onnx")
                        + " (it is damaged or not an ONNX network). Replace the file or change the key model.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "[1]",
                "not a tokenizer",
                "{\"version\": \"1.0\", \"model\": {\"type\": \"NoSuch\"}}"
            })
    void saysThatTheTokenizerIsDamaged(String content) throws IOException {
        MiniLm.directory(folder);
        Files.writeString(folder.resolve("tokenizer.json"), content);
        String message = "Cannot use the model " + folder + ": " + folder.resolve("tokenizer.json")
                + " (it is damaged or not a tokenizer of Hugging Face's format). Replace the file or change the key model.";
        assertMisconfigured(() -> MiniLm.PLATFORM.load(MiniLm.describe(folder, Map.of()), Device.CPU), message);
        assertMisconfigured(() -> MiniLm.PLATFORM.counter(MiniLm.describe(folder, Map.of())), message);
    }

    @Test
    void poolingClsTakesTheStateOfTheFirstToken() throws OrtException {
        assertPooledLike("cls", states -> states[0]);
        assertTrue(
                MiniLm.cosine(states(SOME_TEXTS).get(0)[0], MiniLm.vector(MiniLm.EMBEDDER, SOME_TEXTS.get(0))) < 0.999);
    }

    @Test
    void poolingMeanTakesTheMeanOfAllTokens() throws OrtException {
        assertPooledLike("mean", states -> {
            float[] mean = new float[states[0].length];
            for (float[] state : states) {
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += state[i] / states.length;
                }
            }
            return mean;
        });
    }

    @Test
    void normalizingOnlyChangesTheLength() {
        EmbedderSpec spec = MiniLm.describe(Optional.empty(), Map.of("normalize", "false"));
        try (Embedder embedder = MiniLm.PLATFORM.load(spec, Device.CPU)) {
            float[] raw = MiniLm.vector(embedder, "a text");
            float[] unit = MiniLm.vector(MiniLm.EMBEDDER, "a text");
            assertEquals(1, MiniLm.cosine(raw, unit), 1e-6);
            assertEquals(1, length(unit), 1e-5);
            assertTrue(length(raw) > 1.1 || length(raw) < 0.9);
        }
    }

    private static double length(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    private static void assertPooledLike(String pooling, Function<float[][], float[]> naive) throws OrtException {
        EmbedderSpec spec = MiniLm.describe(Optional.empty(), Map.of("pooling", pooling, "normalize", "false"));
        List<float[][]> states = states(SOME_TEXTS);
        try (Embedder embedder = MiniLm.PLATFORM.load(spec, Device.CPU)) {
            List<Outcome.Embedded> embedded = MiniLm.embed(embedder, SOME_TEXTS);
            for (int i = 0; i < embedded.size(); i++) {
                assertArrayEquals(naive.apply(states.get(i)), embedded.get(i).vector(), 1e-4f);
            }
        }
    }

    @Test
    void textsAreCutWhereTheJobSays() {
        EmbedderSpec spec = MiniLm.describe(Optional.empty(), Map.of("max-tokens", "8"));
        try (TokenCounter counter = MiniLm.PLATFORM.counter(spec)) {
            assertEquals(8, counter.encode("one two three four five six seven").tokens());
            assertTrue(counter.encode("one two three four five six seven").truncated());
            assertEquals(8, counter.encode("one two three four five six").tokens());
            assertFalse(counter.encode("one two three four five six").truncated());
        }
    }

    @Test
    void refusesALimitAboveTheModelsPositions() throws IOException {
        MiniLm.directory(folder);
        Files.writeString(
                folder.resolve("config.json"), "{\"model_type\": \"roberta\", \"max_position_embeddings\": 514}");
        Files.writeString(
                folder.resolve("tokenizer_config.json"), "{\"tokenizer_class\": \"PreTrainedTokenizerFast\"}");
        assertMisconfigured(
                () -> MiniLm.describe(folder, Map.of("max-tokens", "513")),
                "Cannot read texts of 513 tokens with the model " + folder
                        + " (it has 512 positions). Set the key max-tokens to at most 512.");
        assertEquals("512", MiniLm.describe(folder, Map.of("max-tokens", "512")).setting("max-tokens"));
        assertEquals("512", MiniLm.describe(folder, Map.of()).setting("max-tokens"));
    }

    @Test
    void theLimitOfTheFolderIsCutToItsPositions() throws IOException {
        MiniLm.directory(folder);
        Files.writeString(folder.resolve("config.json"), "{\"max_position_embeddings\": 64}");
        assertEquals("64", MiniLm.describe(folder, Map.of()).setting("max-tokens"));
        Files.writeString(folder.resolve("sentence_bert_config.json"), "{\"max_seq_length\": 32}");
        assertEquals("32", MiniLm.describe(folder, Map.of()).setting("max-tokens"));
    }

    @Test
    void refusesAPoolingThatItDoesNotKnowUnlessTheJobNamesOne() throws IOException {
        MiniLm.directory(folder);
        pooling("attention");
        assertMisconfigured(
                () -> MiniLm.describe(folder, Map.of()),
                "Cannot use the pooling that is asked of the model " + folder
                        + ": attention (supported are cls, max, mean, patch-mean, mean_sqrt_len, weightedmean, lasttoken, pooler,"
                        + " projection, also several joined by +). Set the key pooling to one of them, or change the key"
                        + " model.");
        assertEquals("cls", MiniLm.describe(folder, Map.of("pooling", "cls")).setting("pooling"));
    }

    @Test
    void takesThePoolingOfTheFolder() throws IOException {
        MiniLm.directory(folder);
        pooling("cls");
        assertEquals("cls", MiniLm.describe(folder, Map.of()).setting("pooling"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000",
                "a\u0000b",
                "\u0001\u001f\u007f\u0085",
                "\u05e9\u05dc\u05d5\u05dd \u202bx\u202c \u0645\u0631\u062d\u0628\u0627",
                "\ud83d\ude42",
                "\ud83d",
                "\ude42\ud83d lone",
                "\u200b\ufeff",
                "[SEP][CLS][PAD]",
                ".",
                "\uffff\ufffe"
            })
    void everyTextThatIsNotBlankHasAVector(String text) {
        Outcome.Embedded embedded =
                MiniLm.embed(MiniLm.EMBEDDER, List.of("before", text, "after")).get(1);
        assertEquals(384, embedded.vector().length);
        assertTrue(embedded.tokens() >= 2);
    }

    @Test
    void aLoneSurrogateReadsAsTheReplacementCharacter() {
        assertEquals(
                MiniLm.embed(MiniLm.EMBEDDER, List.of("a \ufffd b")),
                MiniLm.embed(MiniLm.EMBEDDER, List.of("a \ud83d b")));
    }

    @Test
    void saysThatThereIsNoSuchGpu() {
        org.junit.jupiter.api.Assumptions.assumeTrue(MiniLm.PLATFORM.visibleGpus() == 0);
        assertMisconfigured(
                () -> MiniLm.PLATFORM.load(MiniLm.SPEC, new Device(0)),
                "Cannot use the model sentence-transformers/all-MiniLM-L6-v2 on gpu 0: libtorch has no such GPU here"
                        + " (it sees 0). Set device to cpu, or put libtorch's CUDA package on the class path of a"
                        + " machine with a GPU.");
    }

    private void pooling(String mode) throws IOException {
        Files.writeString(
                folder.resolve("modules.json"),
                "[{\"path\": \"\", \"type\": \"sentence_transformers.models.Transformer\"},"
                        + " {\"path\": \"1_Pooling\", \"type\": \"sentence_transformers.models.Pooling\"}]");
        Files.createDirectory(folder.resolve("1_Pooling"));
        Files.writeString(folder.resolve("1_Pooling/config.json"), "{\"pooling_mode\": \"" + mode + "\"}");
    }

    private static void assertLoadRefused(EmbedderSpec spec, String message) {
        assertMisconfigured(
                () -> {
                    try (Embedder embedder = MiniLm.PLATFORM.load(spec, Device.CPU)) {
                        throw new AssertionError("loaded with " + embedder.dimension() + " dimensions");
                    }
                },
                message);
    }

    private static EmbedderSpec changed(EmbedderSpec spec, String setting) {
        Map<String, String> settings = new TreeMap<>(spec.settings());
        settings.put(setting, "0".repeat(64));
        return new EmbedderSpec(spec.platform(), spec.label(), spec.fingerprint(), settings).at(spec.requiredModel());
    }

    /** The last hidden states of each text, computed with ONNX Runtime alone: {@code [tokens, hidden]}. */
    private static List<float[][]> states(List<String> texts) throws OrtException {
        DjlRuntime.onnx(); // has to be the first to open the environment
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        List<float[][]> states = new ArrayList<>();
        try (TokenCounter counter = MiniLm.PLATFORM.counter(MiniLm.SPEC);
                OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session =
                    environment.createSession(MiniLm.FILES.weights().toString(), options)) {
                for (String text : texts) {
                    states.add(states(environment, session, (TokenIds) counter.encode(text)));
                }
            }
        }
        return states;
    }

    private static float[][] states(OrtEnvironment environment, OrtSession session, TokenIds tokens)
            throws OrtException {
        long[] mask = new long[tokens.tokens()];
        Arrays.fill(mask, 1);
        try (OnnxTensor ids = OnnxTensor.createTensor(environment, new long[][] {tokens.ids()});
                OnnxTensor masks = OnnxTensor.createTensor(environment, new long[][] {mask});
                OnnxTensor types = OnnxTensor.createTensor(environment, new long[1][tokens.tokens()]);
                OrtSession.Result result =
                        session.run(Map.of("input_ids", ids, "attention_mask", masks, "token_type_ids", types))) {
            return ((float[][][]) result.get("last_hidden_state").orElseThrow().getValue())[0];
        }
    }
}
