package io.embedlake.local.files;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.embedlake.local.hub.HubSettings;
import io.embedlake.local.hub.HubToken;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelLocatorTest {
    @TempDir
    Path folder;

    private final ModelLocator locator = new ModelLocator(Path.of("never-written"), token -> {
        throw new AssertionError("the hub was asked");
    });

    @ParameterizedTest
    @ValueSource(strings = {"a b", "too/many/parts", "/no/such/folder", "a\u0000b"})
    void saysWhatAModelCanBeWhenItKnowsNoneOfThisName(String name) {
        assertMisconfigured(
                () -> locator.locate(name),
                "Cannot find the model: " + name
                        + " (it is no directory with a model, no name of the hub such as organisation/name, and not"
                        + " sentence-transformers/all-MiniLM-L6-v2). Change the key model.");
    }

    @Test
    void aFileIsNoModel() throws IOException {
        Path file = Files.createFile(folder.resolve("model.onnx"));
        assertMisconfigured(() -> locator.locate(file.toString()), "Cannot find the model: " + file);
    }

    @Test
    void saysThatTheNetworkIsMissing() throws IOException {
        Files.createFile(folder.resolve("tokenizer.json"));
        assertMisconfigured(
                () -> locator.locate(folder.toString()),
                folder + " has no config.json with model.safetensors, and no model.onnx (a model directory holds"
                        + " config.json, model.safetensors or pytorch_model.bin, and tokenizer.json; or model.onnx and"
                        + " tokenizer.json). Add the file or change the key model.");
    }

    @Test
    void saysThatTheTokenizerIsMissing() throws IOException {
        Files.createFile(folder.resolve("model.onnx"));
        assertMisconfigured(() -> locator.locate(folder.toString()), folder + " has no tokenizer.json or vocab.txt (");
    }

    @Test
    void findsTheNetworkInTheFolderOnnx() throws IOException {
        Path onnx =
                Files.writeString(Files.createDirectory(folder.resolve("onnx")).resolve("model.onnx"), "weights");
        Path tokenizer = Files.writeString(folder.resolve("tokenizer.json"), "{}");
        Files.writeString(folder.resolve("sentence_bert_config.json"), "{\"max_seq_length\": 77}");
        ModelFiles files = locator.locate(folder.toString());
        assertEquals(onnx, files.weights());
        assertEquals(tokenizer, files.tokenizer());
        assertEquals(folder.toString(), files.label());
        assertEquals(77, files.settings().maxTokens().orElseThrow());
        assertEquals(Optional.empty(), files.settings().pooling());
    }

    @Test
    void prefersTheNetworkBesideTheTokenizer() throws IOException {
        Files.createFile(Files.createDirectory(folder.resolve("onnx")).resolve("model.onnx"));
        Files.createFile(folder.resolve("tokenizer.json"));
        Path onnx = Files.createFile(folder.resolve("model.onnx"));
        assertEquals(onnx, locator.locate(folder.toString()).weights());
    }

    @Test
    void hashesAreThoseOfTheContents() throws IOException {
        Path onnx = Files.writeString(folder.resolve("model.onnx"), "weights");
        Files.writeString(folder.resolve("tokenizer.json"), "");
        ModelFiles files = locator.locate(folder.toString());
        assertEquals("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", files.tokenizerHash());
        String before = files.weightsHash();
        Files.writeString(onnx, "Weights");
        assertNotEquals(before, files.weightsHash());
    }

    @Test
    void saysWhichFileVanished() throws IOException {
        Path onnx = Files.createFile(folder.resolve("model.onnx"));
        Files.createFile(folder.resolve("tokenizer.json"));
        ModelFiles files = locator.locate(folder.toString());
        Files.delete(onnx);
        assertMisconfigured(files::weightsHash, "Cannot read the model " + folder + ": " + onnx + " (");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sentence_transformers.models.CNN",
                "sentence_transformers.sentence_transformer.modules.lstm.LSTM",
                "custom.Step"
            })
    void refusesAFolderWhoseVectorsNeedAStepThatTheNetworkDoesNotHave(String module) throws IOException {
        Files.createFile(folder.resolve("model.onnx"));
        Files.createFile(folder.resolve("tokenizer.json"));
        Files.writeString(
                folder.resolve("modules.json"),
                "[{\"type\": \"sentence_transformers.models.Transformer\"}, {\"type\": \"" + module + "\"}]");
        assertMisconfigured(
                () -> locator.locate(folder.toString()),
                "Cannot use the model " + folder + ": " + folder.resolve("modules.json") + " (it asks for " + module
                        + ", and only sentence-transformers' Transformer, CLIPModel, Pooling, Dense, LayerNorm, Normalize and"
                        + " Dropout are supported). Change the key model.");
    }

    @Test
    void takesFoldersOfTransformerPoolingAndNormalize() throws IOException {
        Files.createFile(folder.resolve("model.onnx"));
        Files.createFile(folder.resolve("tokenizer.json"));
        Files.writeString(
                folder.resolve("modules.json"),
                "[{\"type\": \"sentence_transformers.base.modules.transformer.Transformer\"},"
                        + " {\"path\": \"1_Pooling\", \"type\": \"sentence_transformers.models.Pooling\"},"
                        + " {\"type\": \"sentence_transformers.models.Normalize\", \"path\": \"2_Normalize\"}]");
        Files.createDirectory(folder.resolve("1_Pooling"));
        Files.writeString(folder.resolve("1_Pooling/config.json"), "{\"pooling_mode\": \"mean\"}");
        assertEquals(folder.toString(), locator.locate(folder.toString()).label());
    }

    @Test
    void weightsOutsideOfTheNetworkFileChangeTheHash() throws IOException {
        Files.writeString(folder.resolve("model.onnx"), "network");
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        String alone = locator.locate(folder.toString()).weightsHash();
        Path external = Files.writeString(folder.resolve("model.onnx_data"), "weights");
        String first = locator.locate(folder.toString()).weightsHash();
        Files.writeString(external, "other weights");
        String second = locator.locate(folder.toString()).weightsHash();
        assertNotEquals(alone, first);
        assertNotEquals(first, second);
    }

    @Test
    void theHubIsAskedWithTheTokenThatTheJobNames() {
        List<Optional<String>> tokens = new ArrayList<>();
        ModelLocator asking = new ModelLocator(Path.of("never-written"), change -> {
            tokens.add(change.apply(HubSettings.of(Map.of("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")))
                    .token()
                    .read());
            throw new EmbedlakeException(ErrorKind.CONFIGURATION, "Cannot go on.");
        });
        assertMisconfigured(
                () -> asking.locate(
                        "org/gated", settings -> settings.withToken(HubToken.of("t0ken")), config -> InputKind.TEXT),
                "Cannot go on.");
        assertMisconfigured(() -> asking.locate("org/open"), "Cannot go on.");
        assertEquals(List.of(Optional.of("t0ken"), Optional.empty()), tokens);
    }
}
