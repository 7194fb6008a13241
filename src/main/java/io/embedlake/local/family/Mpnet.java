package io.embedlake.local.family;

import io.embedlake.local.network.AttentionWindow;
import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Value;
import java.util.List;

/** MPNet (Song et al., 2020): positions as RoBERTa's, and a bias of attention for buckets of relative ones. Immutable. */
final class Mpnet extends Bert {
    /** In the program itself, not in configs: transformers ignores the config's number. */
    private static final int BUCKETS = 32;

    private static final int FARTHEST = 128;
    private static final int PADDING_INDEX = 1;

    Mpnet(NetworkConfig config) {
        super(config, config.size("hidden_size"), PADDING_INDEX + 1, "gelu");
    }

    @Override
    protected List<String> headNames() {
        return List.of("lm_head.decoder.weight");
    }

    @Override
    public boolean countsPadding() {
        return false;
    }

    @Override
    protected Value embeddings(Network network) {
        Value words = network.embedding("embeddings.word_embeddings.weight", vocabulary(), width(), network.ids());
        Value table = network.table("embeddings.position_embeddings.weight", positions() + PADDING_INDEX + 1L, width());
        Value places = network.call("counted_positions", network.ids(), PADDING_INDEX);
        return network.layerNorm(
                "embeddings.LayerNorm", network.add(words, network.call("embed", places, table)), width(), epsilon());
    }

    @Override
    protected Value layer(Network network, int index, Value x) {
        Value bias = network.once(
                "bias",
                () -> network.call(
                        "add_bias",
                        network.mask(AttentionWindow.ALL),
                        network.call(
                                "bucketed_bias",
                                network.ids(),
                                network.weight("encoder.relative_attention_bias.weight", BUCKETS, heads()),
                                BUCKETS,
                                FARTHEST)));
        String layer = "encoder.layer." + index + ".";
        String self = layer + "attention.attn.";
        Value joint = network.linear(Linear.joint(width(), width(), self + "q", self + "k", self + "v"), x);
        Value seen = network.selfAttention(joint, width(), heads(), bias);
        return rest().write(
                        network,
                        new PostNorm.Names(
                                self + "o",
                                layer + "attention.LayerNorm",
                                layer + "intermediate.dense",
                                layer + "output.dense",
                                layer + "output.LayerNorm"),
                        seen,
                        x);
    }
}
