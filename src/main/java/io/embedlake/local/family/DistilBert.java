package io.embedlake.local.family;

import io.embedlake.local.network.AttentionWindow;
import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Value;
import java.util.List;

/** DistilBERT (Sanh et al., 2019): BERT without segments, under other names. Immutable. */
final class DistilBert extends TextNetwork {
    /** Not in configs. */
    private static final double EPSILON = 1e-12;

    private final int heads;
    private final PostNorm rest;

    DistilBert(NetworkConfig config) {
        super(
                config,
                config.size("n_layers", "num_hidden_layers"),
                config.size("dim", "hidden_size"),
                config.size("vocab_size"),
                config.size("max_position_embeddings"));
        requireEncoder(config);
        this.heads = config.size("n_heads", "num_attention_heads");
        config.headSize(width(), heads);
        this.rest = new PostNorm(
                width(),
                config.size("hidden_dim", "intermediate_size"),
                EPSILON,
                config.activation("gelu", "activation"));
    }

    @Override
    protected List<String> headNames() {
        return List.of("vocab_projector.weight");
    }

    @Override
    protected Value embeddings(Network network) {
        Value words = network.embedding("embeddings.word_embeddings.weight", vocabulary(), width(), network.ids());
        Value table = network.table("embeddings.position_embeddings.weight", positions(), width());
        Value x = network.add(words, network.call("first_rows", network.ids(), table));
        return network.layerNorm("embeddings.LayerNorm", x, width(), EPSILON);
    }

    @Override
    protected Value layer(Network network, int index, Value x) {
        String layer = "transformer.layer." + index + ".";
        String self = layer + "attention.";
        Value joint = network.linear(Linear.joint(width(), width(), self + "q_lin", self + "k_lin", self + "v_lin"), x);
        Value seen = network.selfAttention(joint, width(), heads, network.mask(AttentionWindow.ALL));
        return rest.write(
                network,
                new PostNorm.Names(
                        self + "out_lin",
                        layer + "sa_layer_norm",
                        layer + "ffn.lin1",
                        layer + "ffn.lin2",
                        layer + "output_layer_norm"),
                seen,
                x);
    }
}
