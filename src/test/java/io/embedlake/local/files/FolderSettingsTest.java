package io.embedlake.local.files;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.spi.InputKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FolderSettingsTest {
    private static final String MODULES = "[{\"path\": \"\", \"type\": \"sentence_transformers.models.Transformer\"},"
            + " {\"path\": \"1_Pooling\", \"type\": \"sentence_transformers.models.Pooling\"}]";

    @TempDir
    Path folder;

    @Test
    void aFolderWithoutFilesSaysNothing() {
        assertEquals(
                new FolderSettings(
                        Optional.empty(),
                        true,
                        List.of(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        false,
                        Map.of(),
                        Optional.empty(),
                        TokenizerFolder.NOTHING),
                read());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"pooling_mode_cls_token\": false, \"pooling_mode_mean_tokens\": true} | mean",
                "{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false} | cls",
                "{\"pooling_mode_max_tokens\": true} | max",
                "{\"pooling_mode_mean_sqrt_len_tokens\": true} | mean_sqrt_len",
                "{\"pooling_mode_weightedmean_tokens\": true} | weightedmean",
                "{\"pooling_mode_lasttoken\": true} | lasttoken",
                "{\"pooling_mode_cls_token\": true, \"pooling_mode_max_tokens\": true} | cls+max",
                "{\"embedding_dimension\": 24, \"pooling_mode\": \"mean\", \"include_prompt\": true} | mean",
                "{\"pooling_mode\": \"lasttoken\"} | lasttoken",
                "{\"pooling_mode\": [\"mean\", \"max\", \"cls\"]} | mean+max+cls",
                "{\"pooling_mode\": \"mean_sqrt_len_tokens\"} | mean_sqrt_len",
                "{\"pooling_mode\": \"cls\", \"pooling_mode_mean_tokens\": true} | cls",
                "{\"pooling_mode_mean_tokens\": false} | mean",
                "{\"pooling_mode\": [\"cls\"]} | cls"
            })
    void readsPoolingsOfTheOldAndTheNewLayout(String config, String pooling) {
        write("modules.json", MODULES);
        write("1_Pooling/config.json", config);
        assertEquals(Optional.of(pooling), read().pooling());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "", "{\"temperature\": 2}", "{\"pooling_mode\": []}"})
    void refusesAPoolingThatIsNotAGroupOfKnownSettings(String config) {
        write("modules.json", MODULES);
        write("1_Pooling/config.json", config);
        assertMisconfigured(this::read, folder.resolve("1_Pooling/config.json").toString());
    }

    @Test
    void aFolderOfAModuleWithoutTheListOfModulesIsAnIncompleteCopy() {
        write("2_Dense/config.json", "{}");
        assertMisconfigured(this::read, "2_Dense", "the copy is incomplete");
    }

    @Test
    void readsTheLengthLimit() {
        write("sentence_bert_config.json", "{\"max_seq_length\": 128, \"do_lower_case\": false}");
        assertEquals(OptionalInt.of(128), read().maxTokens());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"max_seq_length\": null}", "{\"max_seq_length\": 0}", "{\"max_seq_length\": -1}", "{}"})
    void aLengthLimitThatIsNoneIsNone(String config) {
        write("sentence_bert_config.json", config);
        assertEquals(OptionalInt.empty(), read().maxTokens());
    }

    @ParameterizedTest
    @CsvSource({
        "bert, 512, 512",
        "distilbert, 512, 512",
        "roberta, 514, 512",
        "xlm-roberta, 8194, 8192",
        "camembert, 514, 512",
        "mpnet, 514, 512"
    })
    void somePositionsOfSomeFamiliesAreTakenByThePadding(String family, int embeddings, int positions) {
        write("config.json", "{\"model_type\": \"%s\", \"max_position_embeddings\": %d}".formatted(family, embeddings));
        assertEquals(OptionalInt.of(positions), read().positions());
    }

    @Test
    void aNetworkMayHaveNoPositions() {
        write("config.json", "{\"model_type\": \"roberta\"}");
        assertEquals(OptionalInt.empty(), read().positions());
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "sentence_bert_config.json", "1_Pooling/config.json"})
    void saysWhichFileIsDamaged(String file) {
        write("modules.json", MODULES);
        write(file, "{\"model_type\": \"be");
        assertMisconfigured(
                this::read,
                "Cannot read the model my-model: " + folder.resolve(file)
                        + " (it is not JSON). Replace the file or change the key model.");
    }

    private FolderSettings read() {
        return FolderSettings.read("my-model", folder, folder, InputKind.TEXT);
    }

    private void write(String file, String text) {
        try {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
