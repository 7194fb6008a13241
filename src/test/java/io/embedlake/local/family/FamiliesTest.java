package io.embedlake.local.family;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.local.network.NetworkConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What configs say, what they leave out, and what is refused by name. */
class FamiliesTest {
    private static final String SIZES =
            "\"hidden_size\": 32, \"num_hidden_layers\": 2, \"num_attention_heads\": 4, \"intermediate_size\": 52,"
                    + " \"vocab_size\": 100, \"max_position_embeddings\": 50";

    @Test
    void namesWhatIsSupportedWhenTheFamilyIsNot() {
        String message = "its model_type is t5, and supported are albert, beit, bert, camembert, clip, clip_text_model,"
                + " clip_vision_model, data2vec-vision, deberta-v2, deit, dinov2, dinov2_with_registers, dinov3_vit, distilbert, electra,"
                + " gemma3_text, modernbert, mpnet, nomic_bert, qwen3, roberta, siglip, siglip_text_model,"
                + " siglip_vision_model, vit, xlm-roberta). Change the key model.";
        assertMisconfigured(() -> network("t5", ""), message);
        assertMisconfigured(
                () -> Families.ofTexts(NetworkConfig.of("here", "{}")),
                "its model_type is not given, and supported are albert");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bert | \"position_embedding_type\": \"relative_key\" | position_embedding_type is \"relative_key\", and only absolute is supported",
                "bert | \"is_decoder\": true | is_decoder is true, and only false is supported",
                "bert | \"hidden_act\": \"laplace\" | the activation laplace (supported are gelu, gelu_python",
                "bert | \"num_attention_heads\": 5 | its width 32 cannot be divided among 5 heads of attention",
                "bert | \"hidden_size\": -1 | hidden_size is -1, not a whole number from 1 to",
                "bert | \"hidden_size\": \"big\" | hidden_size is \"big\", not a whole number from 1 to",
                "bert | \"layer_norm_eps\": 0 | layer_norm_eps is 0, not a number above zero",
                "bert | \"auto_map\": {\"AutoModel\": \"modeling.Own\"} | it brings code of its own (auto_map), which is never run",
                "deberta-v2 | \"relative_attention\": true, \"pos_att_type\": \"p2p\" | pos_att_type is [p2p], and only c2p and p2c are supported",
                "modernbert | \"layer_types\": [\"full_attention\", \"chunked\"] | layer_types is [full_attention, chunked]",
                "qwen3 | \"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4} | its rotary positions are scaled by yarn",
                "qwen3 | \"partial_rotary_factor\": 0.5 | only a part of each head has rotary positions",
                "nomic_bert | \"rotary_emb_interleaved\": true | rotary_emb_interleaved is true, and only false is supported",
                "nomic_bert | \"rotary_scaling_factor\": 2 | its rotary positions are scaled",
                "gemma3_text | \"attn_logit_softcapping\": 50 | attn_logit_softcapping is not supported"
            })
    void refusesByNameWhatItDoesNotBuild(String family, String setting, String message) {
        assertMisconfigured(() -> network(family, setting), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "siglip2 | | its model_type is siglip2, which cuts images of any shape into patches (NaFlex)",
                "bert | | its model_type is bert, which takes texts and no images",
                "vit | \"num_channels\": 1 | num_channels is 1, and only 3 is supported",
                "vit | \"patch_size\": [16, 16, 16] | patch_size is [16,16,16], neither a number nor height and width",
                "vit | \"image_size\": 8 | its patches of 16 x 16 pixels do not fit into its images of 8 x 8",
                "dinov2 | \"image_size\": [28, 56] | image_size is 28 x 56, and only a square grid of patches is supported",
                "beit | \"use_relative_position_bias\": true, \"use_shared_relative_position_bias\": true | relative positions of each layer and of all",
                "dinov3_vit | \"num_attention_heads\": 16 | its heads have 2 numbers"
            })
    void refusesByNameWhatItDoesNotBuildForImages(String family, String setting, String message) {
        String more = setting == null ? "" : ", " + setting;
        assertMisconfigured(
                () -> Families.ofImages(
                        NetworkConfig.of("here", "{\"model_type\": \"" + family + "\", " + SIZES + more + "}")),
                message);
    }

    @ParameterizedTest
    @CsvSource({"bert, 50", "roberta, 48", "xlm-roberta, 48", "mpnet, 48", "modernbert, 50", "electra, 50"})
    void someFamiliesCannotUseTheFirstRowsOfTheirPositions(String family, int positions) {
        assertEquals(positions, network(family, "").positions());
    }

    @Test
    void aSettingThatIsLeftOutIsWhatTransformersTakesForIt() {
        assertEquals(0, network("bert", "").padding());
        assertEquals(1, network("roberta", "").padding());
        assertEquals(
                1,
                ((ClipText) Families.ofTexts(NetworkConfig.of("here", "{\"model_type\": \"clip_text_model\"}")))
                        .padding());
        assertEquals(
                77,
                Families.ofTexts(NetworkConfig.of("here", "{\"model_type\": \"clip_text_model\"}"))
                        .positions());
    }

    /** Of two settings of one name the later one counts. */
    private static TextNetwork network(String family, String setting) {
        String more = setting.isEmpty() ? "" : ", " + setting;
        return Families.ofTexts(NetworkConfig.of("here", "{\"model_type\": \"" + family + "\", " + SIZES + more + "}"));
    }
}
