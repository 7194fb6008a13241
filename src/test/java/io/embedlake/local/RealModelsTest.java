package io.embedlake.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.embedlake.local.files.FolderSettings;
import io.embedlake.local.files.ModelFiles;
import io.embedlake.local.files.TokenizerFolder;
import io.embedlake.local.head.Head;
import io.embedlake.local.head.LayerChoice;
import io.embedlake.local.head.Module;
import io.embedlake.local.head.Pooling;
import io.embedlake.local.network.Precision;
import io.embedlake.spi.Device;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Vectors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Public models against vectors that sentence-transformers made of a hundred texts. The packages with the models are large: all but the
 * embedded one are on the class path with {@code -Pmodels} only.
 */
class RealModelsTest {
    private static final String CONFIG =
            """
            {"model_type": "bert", "hidden_size": 384, "num_hidden_layers": %d, "num_attention_heads": 12,
             "intermediate_size": 1536, "hidden_act": "gelu", "layer_norm_eps": 1e-12, "max_position_embeddings": 512,
             "type_vocab_size": 2, "vocab_size": 30522, "pad_token_id": 0}""";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "all-minilm-l6-v2, all-minilm-l6-v2, 6, 256, MEAN, '', FP32, 0.99999",
        "all-minilm-l6-v2, all-minilm-l6-v2, 6, 256, MEAN, '', BF16, 0.999",
        "bge-small-en-v1.5, real/bge-small-en-v1.5, 12, 512, CLS, '', FP32, 0.99999",
        "bge-small-en-v1.5, real/bge-small-en-v1.5, 12, 512, CLS, '', BF16, 0.999",
        "e5-small-v2, real/e5-small-v2.query, 12, 512, MEAN, 'query: ', FP32, 0.99999",
        "e5-small-v2, real/e5-small-v2.passage, 12, 512, MEAN, 'passage: ', FP32, 0.99999",
        "e5-small-v2, real/e5-small-v2.passage, 12, 512, MEAN, 'passage: ', BF16, 0.999"
    })
    void givesTheVectorsOfSentenceTransformers(
            String model,
            String expected,
            int layers,
            int maxTokens,
            Pooling pooling,
            String prefix,
            Precision precision,
            double least)
            throws IOException {
        assumeTrue(
                getClass().getResource("/" + model + ".onnx") != null,
                model + " is on the class path with -Pmodels only");
        assumeTrue(
                precision != Precision.BF16 || Processor.here().hasBfloat16(),
                "this processor does not compute in bf16");
        ModelFiles files = files(model, layers);
        TransformerTokenizer tokenizer = TransformerTokenizer.read(
                model,
                TokenizerFile.of(files.tokenizer()),
                maxTokens,
                new Prompt(prefix, true),
                LongText.TRUNCATE,
                Optional.empty());
        Head head = new Head.Pooled(LayerChoice.LAST, List.of(pooling), List.of(new Module.Normalize()));
        try (NativeEmbedder embedder = NativeEmbedder.load(
                        files,
                        tokenizer,
                        VectorSettings.network(files),
                        head,
                        Granularity.ATTRIBUTE,
                        true,
                        precision,
                        Device.CPU);
                EmbeddingSession session = embedder.open()) {
            List<GoldenText> golden = GoldenText.read("/golden/" + expected + ".jsonl");
            for (int start = 0; start < golden.size(); start += 10) {
                List<GoldenText> batch = golden.subList(start, start + 10);
                List<EncodedInput> texts =
                        batch.stream().map(text -> session.encode(text.text())).toList();
                List<float[]> vectors = session.embed(texts);
                for (int i = 0; i < batch.size(); i++) {
                    assertEquals(batch.get(i).tokens(), texts.get(i).tokens(), "text " + (start + i));
                    double cosine = Vectors.cosine(batch.get(i).vector(), vectors.get(i));
                    assertTrue(cosine >= least, "text " + (start + i) + ": cosine " + cosine);
                }
            }
        }
    }

    private ModelFiles files(String model, int layers) throws IOException {
        FolderSettings silent = new FolderSettings(
                Optional.empty(),
                true,
                List.of(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                false,
                Map.of(),
                Optional.empty(),
                TokenizerFolder.NOTHING);
        return new ModelFiles(
                model,
                model,
                Optional.empty(),
                ModelFiles.Form.CHECKPOINT,
                unpacked(model + ".onnx"),
                Optional.of(unpacked(model + "-tokenizer.json")),
                Optional.of(CONFIG.formatted(layers)),
                InputKind.TEXT,
                silent);
    }

    private Path unpacked(String resource) throws IOException {
        Path file = folder.resolve(resource);
        try (InputStream bytes = getClass().getResourceAsStream("/" + resource)) {
            Files.copy(bytes, file);
        }
        return file;
    }
}
