package io.embedlake.local.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.testing.Property;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NeededFilesTest {
    @Test
    void aModelOfSentenceTransformersNeedsSettingsTokenizerAndOneKindOfWeights() {
        assertEquals(
                List.of(
                        "1_Pooling/config.json",
                        "config.json",
                        "config_sentence_transformers.json",
                        "modules.json",
                        "sentence_bert_config.json",
                        "special_tokens_map.json",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "vocab.txt",
                        "model.safetensors"),
                NeededFiles.of(List.of(
                        ".gitattributes",
                        "1_Pooling/config.json",
                        "README.md",
                        "config.json",
                        "config_sentence_transformers.json",
                        "data_config.json",
                        "model.safetensors",
                        "modules.json",
                        "onnx/model.onnx",
                        "onnx/model_O1.onnx",
                        "openvino/openvino_model.bin",
                        "pytorch_model.bin",
                        "rust_model.ot",
                        "sentence_bert_config.json",
                        "special_tokens_map.json",
                        "tf_model.h5",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "train_script.py",
                        "vocab.txt")));
    }

    @Test
    void tokenizersOfAllKindsAreTaken() {
        assertEquals(
                List.of(
                        "added_tokens.json",
                        "merges.txt",
                        "sentencepiece.bpe.model",
                        "spiece.model",
                        "vocab.json",
                        "model.safetensors"),
                NeededFiles.of(List.of(
                        "merges.txt",
                        "vocab.json",
                        "added_tokens.json",
                        "sentencepiece.bpe.model",
                        "spiece.model",
                        "training/other.model",
                        "model.safetensors")));
    }

    @Test
    void aModelOfImagesNeedsItsProcessorAndNoTokenizer() {
        List<String> names = List.of("README.md", "config.json", "preprocessor_config.json", "model.safetensors");
        assertEquals(List.of("config.json", "preprocessor_config.json", "model.safetensors"), NeededFiles.of(names));
        assertTrue(NeededFiles.hasTokenizerOrProcessor(names));
        assertFalse(NeededFiles.hasTokenizerOrProcessor(List.of("config.json", "model.safetensors")));
        assertTrue(NeededFiles.of(List.of("0_CLIPModel/preprocessor_config.json", "0_CLIPModel/pytorch_model.bin"))
                .contains("0_CLIPModel/preprocessor_config.json"));
    }

    @Test
    void weightsAreTakenInAFixedOrder() {
        List<String> names = new ArrayList<>(List.of(
                "model.safetensors",
                "model.safetensors.index.json",
                "pytorch_model.bin",
                "pytorch_model.bin.index.json",
                "onnx/model.onnx",
                "model.onnx"));
        while (!names.isEmpty()) {
            List<String> shuffled = new ArrayList<>(names);
            Collections.reverse(shuffled);
            assertEquals(Optional.of(names.get(0)), NeededFiles.weights(shuffled));
            assertEquals(List.of(names.get(0)), NeededFiles.of(shuffled));
            names.remove(0);
        }
        assertEquals(Optional.empty(), NeededFiles.weights(names));
    }

    @Test
    void anOnnxNetworkHasItsDataBesideIt() {
        assertEquals(
                List.of("onnx/model.onnx", "onnx/model.onnx_data"),
                NeededFiles.of(List.of("onnx/model.onnx_data", "onnx/model.onnx", "model.onnx_data")));
        assertEquals(
                List.of("model.onnx", "model.onnx_data"),
                NeededFiles.of(List.of("onnx/model.onnx_data", "model.onnx", "model.onnx_data")));
    }

    @Test
    void modulesHaveWeightsOfTheirOwn() {
        assertEquals(
                List.of(
                        "1_Pooling/config.json",
                        "2_Dense/config.json",
                        "3_Dense/config.json",
                        "2_Dense/model.safetensors",
                        "3_Dense/pytorch_model.bin",
                        "model.safetensors"),
                NeededFiles.of(List.of(
                        "1_Pooling/config.json",
                        "2_Dense/config.json",
                        "2_Dense/model.safetensors",
                        "2_Dense/pytorch_model.bin",
                        "3_Dense/config.json",
                        "3_Dense/pytorch_model.bin",
                        "3_Dense/extra/pytorch_model.bin",
                        "model.safetensors")));
    }

    @Test
    void olderModelsHaveTheTransformerInItsFolder() {
        assertEquals(
                List.of(
                        "0_Transformer/config.json",
                        "0_Transformer/sentence_bert_config.json",
                        "0_Transformer/vocab.txt",
                        "1_Pooling/config.json",
                        "modules.json",
                        "0_Transformer/pytorch_model.bin"),
                NeededFiles.of(List.of(
                        "modules.json",
                        "0_Transformer/config.json",
                        "0_Transformer/pytorch_model.bin",
                        "0_Transformer/sentence_bert_config.json",
                        "0_Transformer/vocab.txt",
                        "1_Pooling/config.json")));
    }

    @Test
    void weightsAtTheRootMakeThoseInTheFolderSuperfluous() {
        assertFalse(NeededFiles.of(List.of("pytorch_model.bin", "0_Transformer/model.safetensors"))
                .contains("0_Transformer/model.safetensors"));
    }

    @Test
    void shardsLieBesideTheirIndex() {
        assertTrue(NeededFiles.isIndex("model.safetensors.index.json"));
        assertFalse(NeededFiles.isIndex("model.safetensors"));
        assertEquals(List.of("a", "b"), NeededFiles.shards("model.safetensors.index.json", Set.of("b", "a")));
        assertEquals(
                List.of("0_Transformer/a"),
                NeededFiles.shards("0_Transformer/pytorch_model.bin.index.json", Set.of("a")));
    }

    @Test
    void whateverThereIsOnlyThatIsNeededAndTheWeightsComeLast() {
        List<String> known = List.of(
                "config.json",
                "tokenizer.json",
                "x.model",
                "modules.json",
                "0_Transformer/model.safetensors",
                "1_Pooling/config.json",
                "2_Dense/pytorch_model.bin",
                "model.safetensors",
                "pytorch_model.bin",
                "model.onnx",
                "99999_Dense/config.json",
                "README.md",
                "/",
                "0_/",
                "");
        Property.holds(300, random -> {
            List<String> names = new ArrayList<>(known);
            names.removeIf(name -> random.nextBoolean());
            Collections.shuffle(names, random);
            List<String> needed = NeededFiles.of(names);
            assertTrue(names.containsAll(needed));
            assertEquals(needed.size(), Set.copyOf(needed).size());
            NeededFiles.weights(names).ifPresent(weights -> assertEquals(weights, needed.get(needed.size() - 1)));
        });
    }
}
